// SPDX-License-Identifier: Apache-2.0
#include "agent/telemetry/telemetry.h"

#include <pthread.h>

#include <algorithm>

#include "agent/telemetry/cpufreq.h"
#include "agent/telemetry/edac.h"
#include "agent/telemetry/hwmon.h"
#include "agent/telemetry/psi.h"
#include "agent/telemetry/rapl.h"
#include "agent/telemetry/thermal_throttle.h"

namespace assay::agent {

std::vector<std::unique_ptr<Reader>> all_readers(const std::vector<Device>& devices) {
  std::vector<std::unique_ptr<Reader>> readers;
  readers.push_back(std::make_unique<HwmonReader>());
  readers.push_back(std::make_unique<RaplReader>());
  readers.push_back(std::make_unique<CpufreqReader>(devices));
  readers.push_back(std::make_unique<ThermalThrottleReader>(devices));
  readers.push_back(std::make_unique<EdacReader>());
  readers.push_back(std::make_unique<PsiReader>());
  return readers;
}

TelemetrySample sample(std::vector<std::unique_ptr<Reader>>& readers, const FsRoot& root, const Clock& clock) {
  TelemetrySample result;
  for (const auto& reader : readers) {
    ReaderReport report;
    report.name = reader->name();
    const MonoTime begun = clock.now().mono;
    auto readings = reader->read(root, begun);
    report.took = clock.now().mono - begun;
    report.success = readings.ok();
    report.present = readings.ok() || readings.error().code != ErrorCode::kNotFound;
    if (readings.ok()) {
      report.readings = std::move(*readings);
    } else if (report.present) {
      report.problem = readings.error().message;
    }
    reader->add_to(result);
    result.readers.push_back(std::move(report));
  }
  result.at = clock.now().mono;
  return result;
}

Conditions conditions_of(const TelemetrySample& sample, const Device& device) {
  Conditions conditions;
  if (device.kind == DeviceKind::kGpu) {
    const GpuReading* gpu = sample.gpus ? sample.gpus->find(device.id) : nullptr;
    if (gpu == nullptr) return conditions;
    conditions.temperature_celsius = gpu->value(GpuQuantity::kTemperature, "gpu");
    conditions.power_watts = gpu->value(GpuQuantity::kPower);
    conditions.clock_hertz = gpu->value(GpuQuantity::kClock, "sm");
    return conditions;
  }
  for (const ReaderReport& reader : sample.readers) {
    for (const Reading& reading : reader.readings) {
      if (reading.socket != device.socket) continue;
      if (reading.quantity == Quantity::kTemperatureCelsius) {
        conditions.temperature_celsius = std::max(conditions.temperature_celsius.value_or(reading.value), reading.value);
      }
      if (reading.quantity == Quantity::kPowerWatts) conditions.power_watts = reading.value;
      if (reading.quantity == Quantity::kClockHertz) conditions.clock_hertz = reading.value;
    }
  }
  return conditions;
}

Telemetry::Telemetry(std::vector<std::unique_ptr<Reader>> readers, FsRoot root, const Clock& clock, Duration interval)
    : readers_(std::move(readers)), root_(std::move(root)), clock_(clock), interval_(interval), thread_([this] { run(); }) {
  ::pthread_setname_np(thread_.native_handle(), "telemetry");
}

Telemetry::~Telemetry() {
  if (thread_.joinable()) stop(std::chrono::seconds{5});
  if (thread_.joinable()) thread_.join();
}

void Telemetry::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    auto fresh = std::make_shared<const TelemetrySample>(sample(readers_, root_, clock_));
    lock.lock();
    latest_ = std::move(fresh);
    const Duration interval = interval_;
    changed_.wait_for(lock, interval, [&] { return stopping_ || interval_ != interval; });
  }
  ended_ = true;
  changed_.notify_all();
}

std::shared_ptr<const TelemetrySample> Telemetry::latest() const {
  const std::lock_guard lock(mutex_);
  return latest_;
}

void Telemetry::set_interval(Duration interval) {
  const std::lock_guard lock(mutex_);
  interval_ = interval;
  changed_.notify_all();
}

bool Telemetry::stop(Duration patience) {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  for (const auto& reader : readers_) reader->cancel();
  changed_.notify_all();
  const bool ended = changed_.wait_for(lock, patience, [&] { return ended_; });
  lock.unlock();
  if (ended && thread_.joinable()) thread_.join();
  return ended;
}

}  // namespace assay::agent

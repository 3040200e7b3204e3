// SPDX-License-Identifier: Apache-2.0
#include "agent/telemetry/nvml/gpu_reader.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "agent/core/pci_address.h"

namespace assay::agent::nvml {
namespace {

using Q = GpuQuantity;
constexpr uint32_t kLinksMost = 64;       // NVML has 18 to 36: it is asked until it says no
constexpr uint32_t kInstancesMost = 16;   // MIG instances of one GPU

std::string text_of(Calls& calls, const char* name, Device device, int* code = nullptr) {
  std::array<char, kTextBytes> buffer{};
  const int result = calls.call(name, device, buffer.data(), kTextBytes);
  if (code != nullptr) *code = result;
  if (result != kSuccess) return {};
  buffer.back() = '\0';
  return buffer.data();
}

// Values of one GPU, until a call says that there is none any more.
class Values {
 public:
  Values(Calls& calls, Device device, Facts& into) : calls_(calls), device_(device), into_(into) {}

  int read() {
    using Part = void (Values::*)();
    constexpr std::array<Part, 10> kParts = {&Values::temperature, &Values::fields, &Values::power, &Values::clocks, &Values::memory,
                                             &Values::ecc,         &Values::repair, &Values::pcie,  &Values::nvlink, &Values::mig};
    for (const Part part : kParts) {
      (this->*part)();
      if (gone_ != kSuccess) return gone_;
    }
    return kSuccess;
  }

 private:
  template <typename... Arguments>
  int call(const char* name, Arguments... arguments) {
    if (gone_ != kSuccess) return gone_;
    const int code = calls_.call(name, device_, arguments...);
    if (code == kGpuIsLost || code == kResetRequired) gone_ = code;
    return code;
  }
  void add(Q quantity, std::string part, double value) { into_.push_back({quantity, std::move(part), value}); }

  // A call whose only output is one number.
  template <typename T = uint32_t, typename... Before>
  std::optional<T> number(const char* name, Before... before) {
    T value{};
    return call(name, before..., &value) == kSuccess ? std::optional(value) : std::nullopt;
  }
  template <typename T = uint32_t>
  void one(Q quantity, const char* name, double scale = 1) {
    if (const auto value = number<T>(name)) add(quantity, "", static_cast<double>(*value) * scale);
  }

  void temperature() {
    TemperatureV1 core{struct_version(sizeof(TemperatureV1), 1), 0, 0};
    if (call("nvmlDeviceGetTemperatureV", &core) == kSuccess) {
      add(Q::kTemperature, "gpu", core.temperature);
    } else if (const auto old = number("nvmlDeviceGetTemperature", 0U)) {
      add(Q::kTemperature, "gpu", *old);
    }
    MarginTemperatureV1 margin{struct_version(sizeof(MarginTemperatureV1), 1), 0};
    if (call("nvmlDeviceGetMarginTemperature", &margin) == kSuccess) add(Q::kTemperatureMargin, "", margin.margin);
    constexpr std::array kThresholds = {"shutdown", "slowdown", "memory_max", "gpu_max"};
    for (uint32_t i = 0; i < kThresholds.size(); ++i) {
      if (const auto value = number("nvmlDeviceGetTemperatureThreshold", i)) add(Q::kTemperatureThreshold, kThresholds[i], *value);
    }
  }

  // In one call: a field that this library does not know fails alone.
  void fields() {
    std::vector<FieldValue> values(device_fields().size());
    for (size_t i = 0; i < values.size(); ++i) values[i].field = device_fields()[i];
    if (call("nvmlDeviceGetFieldValues", static_cast<int>(values.size()), values.data()) == kSuccess) decode_fields(values, into_);
  }

  void power() {
    const bool known = std::ranges::any_of(into_, [](const GpuFact& fact) { return fact.quantity == Q::kPower; });
    if (!known) one(Q::kPower, "nvmlDeviceGetPowerUsage", 1e-3);
    one(Q::kPowerLimit, "nvmlDeviceGetEnforcedPowerLimit", 1e-3);
    one<uint64_t>(Q::kEnergy, "nvmlDeviceGetTotalEnergyConsumption", 1e-3);
  }

  void clocks() {
    constexpr std::array kClocks = {"graphics", "sm", "memory", "video"};
    for (uint32_t i = 0; i < kClocks.size(); ++i) {
      if (const auto mhz = number("nvmlDeviceGetClockInfo", i)) add(Q::kClock, kClocks[i], *mhz * 1e6);
      if (const auto mhz = number("nvmlDeviceGetMaxClockInfo", i)) add(Q::kClockMax, kClocks[i], *mhz * 1e6);
    }
    auto active = number<uint64_t>("nvmlDeviceGetCurrentClocksEventReasons");
    if (!active) active = number<uint64_t>("nvmlDeviceGetCurrentClocksThrottleReasons");
    if (!active) return;
    auto supported = number<uint64_t>("nvmlDeviceGetSupportedClocksEventReasons");
    if (!supported) supported = number<uint64_t>("nvmlDeviceGetSupportedClocksThrottleReasons");
    decode_clock_events(*active, supported, into_);
  }

  void memory() {
    MemoryV2 split{};
    split.version = struct_version(sizeof(MemoryV2), 2);
    Memory whole{};
    if (call("nvmlDeviceGetMemoryInfo_v2", &split) == kSuccess) {
      decode_memory(split, into_);
    } else if (call("nvmlDeviceGetMemoryInfo", &whole) == kSuccess) {
      decode_memory(whole, into_);
    }
    Utilization rates{};
    if (call("nvmlDeviceGetUtilizationRates", &rates) == kSuccess) decode_utilization(rates, into_);
    uint32_t processes = 0;  // no room is offered: only the number is wanted
    for (const char* name : {"nvmlDeviceGetComputeRunningProcesses_v3", "nvmlDeviceGetComputeRunningProcesses_v2", "nvmlDeviceGetComputeRunningProcesses"}) {
      const int code = call(name, &processes, static_cast<void*>(nullptr));
      if (code == kSuccess || code == kInsufficientSize) {
        add(Q::kProcesses, "", processes);
        break;
      }
    }
  }

  void ecc() {
    uint32_t now = 0;
    uint32_t pending = 0;
    if (call("nvmlDeviceGetEccMode", &now, &pending) != kSuccess) return;
    add(Q::kEccEnabled, "", now);
    if (now == 0) return;
    constexpr std::array kSeverities = {"corrected", "uncorrected"};
    constexpr std::array kScopes = {"volatile", "aggregate"};
    constexpr std::array kLocations = {"l1", "l2", "device_memory", "register_file", "texture", "shared_memory", "cbu", "sram"};
    for (uint32_t severity = 0; severity < kSeverities.size(); ++severity) {
      for (uint32_t scope = 0; scope < kScopes.size(); ++scope) {
        const std::string both = fmt::format("{},{}", kSeverities[severity], kScopes[scope]);
        if (const auto total = number<uint64_t>("nvmlDeviceGetTotalEccErrors", severity, scope)) add(Q::kEccErrors, both, static_cast<double>(*total));
        for (uint32_t place = 0; place < kLocations.size(); ++place) {
          const auto count = number<uint64_t>("nvmlDeviceGetMemoryErrorCounter", severity, scope, place);
          if (count) add(Q::kEccLocationErrors, fmt::format("{},{}", both, kLocations[place]), static_cast<double>(*count));
        }
      }
    }
    SramEccV1 sram{};
    sram.version = struct_version(sizeof(SramEccV1), 1);
    if (call("nvmlDeviceGetSramEccErrorStatus", &sram) == kSuccess) add(Q::kSramThreshold, "", sram.threshold_exceeded != 0 ? 1 : 0);
  }

  void repair() {
    uint32_t correctable = 0;
    uint32_t uncorrectable = 0;
    uint32_t pending = 0;
    uint32_t failure = 0;
    if (call("nvmlDeviceGetRemappedRows", &correctable, &uncorrectable, &pending, &failure) == kSuccess) {
      add(Q::kRowRemaps, "correctable", correctable);
      add(Q::kRowRemaps, "uncorrectable", uncorrectable);
      add(Q::kRowRemapPending, "", pending != 0 ? 1 : 0);
      add(Q::kRowRemapFailure, "", failure != 0 ? 1 : 0);
    }
    RowRemapHistogram banks{};
    if (call("nvmlDeviceGetRowRemapperHistogram", &banks) == kSuccess) decode_histogram(banks, into_);
    constexpr std::array kCauses = {"multiple_single_bit", "double_bit"};
    for (uint32_t cause = 0; cause < kCauses.size(); ++cause) {
      uint32_t pages = 0;
      const int code = call("nvmlDeviceGetRetiredPages", cause, &pages, static_cast<uint64_t*>(nullptr));
      if (code == kSuccess || code == kInsufficientSize) add(Q::kRetiredPages, kCauses[cause], pages);
    }
    one(Q::kRetiredPagesPending, "nvmlDeviceGetRetiredPagesPendingStatus");
  }

  void pcie() {
    one(Q::kPcieReplays, "nvmlDeviceGetPcieReplayCounter");
    one(Q::kPcieGeneration, "nvmlDeviceGetCurrPcieLinkGeneration");
    one(Q::kPcieGenerationMax, "nvmlDeviceGetMaxPcieLinkGeneration");
    one(Q::kPcieWidth, "nvmlDeviceGetCurrPcieLinkWidth");
    one(Q::kPcieWidthMax, "nvmlDeviceGetMaxPcieLinkWidth");
  }

  void nvlink() {
    std::array<uint32_t, 2> links{};  // by state
    constexpr std::array<std::pair<uint32_t, const char*>, 4> kPerLink = {{{kFieldLinkRecoveryFailed, "recovery_failed"},
                                                                           {kFieldLinkMalformed, "malformed_packets"},
                                                                           {kFieldLinkIntegrity, "local_integrity"},
                                                                           {kFieldLinkSymbolErrors, "symbol_errors"}}};
    std::vector<FieldValue> wanted;
    for (uint32_t link = 0; link < kLinksMost; ++link) {
      const auto state = number("nvmlDeviceGetNvLinkState", link);
      if (!state) break;
      ++links[*state != 0 ? 1 : 0];
      for (const auto& [field, name] : kPerLink) {
        FieldValue value{};
        value.field = field;
        value.scope = link;
        wanted.push_back(value);
      }
    }
    if (wanted.empty()) return;
    add(Q::kNvlinks, "inactive", links[0]);
    add(Q::kNvlinks, "active", links[1]);
    if (call("nvmlDeviceGetFieldValues", static_cast<int>(wanted.size()), wanted.data()) != kSuccess) return;
    for (const auto& [field, name] : kPerLink) {
      std::optional<double> sum;
      for (const FieldValue& value : wanted) {
        const auto number = value.field == field ? number_of(value) : std::nullopt;
        if (number) sum = sum.value_or(0) + *number;
      }
      if (sum) add(Q::kNvlinkErrors, name, *sum);
    }
  }

  void mig() {
    uint32_t now = 0;
    uint32_t pending = 0;
    if (call("nvmlDeviceGetMigMode", &now, &pending) != kSuccess) return;
    add(Q::kMigMode, "", now);
    for (uint32_t i = 0; now != 0 && i < kInstancesMost; ++i) {
      Device instance = nullptr;
      const int code = call("nvmlDeviceGetMigDeviceHandleByIndex", i, &instance);
      if (code == kNotFound) continue;  // a gap: instances come and go
      if (code != kSuccess) break;
      const std::string uuid = text_of(calls_, "nvmlDeviceGetUUID", instance);
      if (!uuid.empty()) add(Q::kMigInstance, uuid, 1);
    }
  }

  Calls& calls_;
  Device device_;
  Facts& into_;
  int gone_ = kSuccess;
};

}  // namespace

int read_identity(Calls& calls, Device device, GpuIdentity& into) {
  int code = kSuccess;
  into.uuid = text_of(calls, "nvmlDeviceGetUUID", device, &code);
  if (code != kSuccess) return code;
  into.model = text_of(calls, "nvmlDeviceGetName", device);
  into.serial = text_of(calls, "nvmlDeviceGetSerial", device);
  into.board_part = text_of(calls, "nvmlDeviceGetBoardPartNumber", device);
  into.vbios = text_of(calls, "nvmlDeviceGetVbiosVersion", device);
  PciInfo pci{};
  if (calls.call("nvmlDeviceGetPciInfo_v3", device, &pci) == kSuccess) {
    into.pci_bus_id = wide_pci_bus_id(fmt::format("{:x}:{:x}:{:x}", pci.domain, pci.bus, pci.device)).value_or("");
  }
  return kSuccess;
}

int read_values(Calls& calls, Device device, Facts& into) { return Values(calls, device, into).read(); }

}  // namespace assay::agent::nvml

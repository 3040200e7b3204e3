// SPDX-License-Identifier: Apache-2.0
// A fake libnvidia-ml.so.1: GPUs that are called "Fake GPU" and say what a script tells them to (README.md). It keeps nothing between calls, so a
// script that is rewritten is obeyed at once. Built twice: as a library of today, and (ASSAY_FAKE_NVML_OLD) as one of 2021 that lacks newer calls.
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>

#include <fmt/format.h>

#include "agent/telemetry/nvml/abi.h"
#include "common/base/parse.h"
#include "tests/support/fake_nvml/script.h"

#define ASSAY_FAKE extern "C" __attribute__((visibility("default"))) int

namespace {

namespace nvml = assay::agent::nvml;
using assay::test::nvml::Script;
using nvml::Device;

constexpr uint32_t kInstanceHandles = 1000;  // handles of MIG instances begin here

constexpr uint32_t kNoGpu = ~0U;             // calls about none obey the lines for all

uint32_t index_of(Device device) { return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(device)) - 1; }
Device handle_of(uint32_t index) { return reinterpret_cast<Device>(static_cast<uintptr_t>(index) + 1); }

// What the script makes of a call before it answers: an error, a hang, a crash.
int disturbed(const Script& script, uint32_t gpu, const char* call) {
  if (const auto seconds = script.number("hang", gpu, call)) ::usleep(static_cast<useconds_t>(*seconds * 1e6));
  if (script.find("crash", gpu, call)) std::abort();
  const auto code = script.number("error", gpu, call);
  if (code) return static_cast<int>(*code);
  const auto whole = script.number("error", gpu, "*");
  return whole ? static_cast<int>(*whole) : nvml::kSuccess;
}

int put_text(char* into, unsigned length, const std::string& text) {
  if (text.size() + 1 > length) return nvml::kInsufficientSize;
  std::memcpy(into, text.c_str(), text.size() + 1);
  return nvml::kSuccess;
}

std::string uuid_of(uint32_t gpu) {
  if (gpu >= kInstanceHandles) return fmt::format("MIG-5111de00-0000-0000-0000-{:012x}", gpu);
  return fmt::format("GPU-5111de00-0000-0000-0000-{:012x}", gpu);
}

// A text that the script may set; not supported when the default is empty.
int answer_text(const char* call, Device device, char* into, unsigned length, const std::string& otherwise) {
  const Script script = Script::load();
  const uint32_t gpu = index_of(device);
  if (const int code = disturbed(script, gpu, call); code != nvml::kSuccess) return code;
  const std::string text = script.find("set", gpu, call).value_or(otherwise);
  return text.empty() ? nvml::kNotSupported : put_text(into, length, text);
}

template <typename T>
int answer(const char* call, Device device, const std::string& detail, T* into, double otherwise = -1) {
  const Script script = Script::load();
  const uint32_t gpu = index_of(device);
  if (const int code = disturbed(script, gpu, call); code != nvml::kSuccess) return code;
  const std::string key = detail.empty() ? call : std::string(call) + ":" + detail;
  const double value = script.number("set", gpu, key).value_or(otherwise);
  if (value < 0) return nvml::kNotSupported;
  *into = static_cast<T>(value);
  return nvml::kSuccess;
}

template <typename Struct>
bool has_version(const Struct* offered, uint32_t version) {
  return offered->version == nvml::struct_version(sizeof(Struct), version);
}

struct EventSetOfFake {
  size_t delivered = 0;
};

}  // namespace

ASSAY_FAKE nvmlInit_v2() { return disturbed(Script::load(), kNoGpu, "nvmlInit_v2"); }
ASSAY_FAKE nvmlShutdown() { return nvml::kSuccess; }
ASSAY_FAKE nvmlSystemGetDriverVersion(char* version, unsigned length) { return put_text(version, length, Script::load().text("driver", "570.86.15-fake")); }

ASSAY_FAKE nvmlDeviceGetCount_v2(unsigned* count) {
  const Script script = Script::load();
  *count = script.devices();
  return disturbed(script, kNoGpu, "nvmlDeviceGetCount_v2");
}
ASSAY_FAKE nvmlDeviceGetHandleByIndex_v2(unsigned index, Device* device) {
  const Script script = Script::load();
  if (index >= script.devices()) return nvml::kInvalidArgument;
  *device = handle_of(index);
  return disturbed(script, index, "nvmlDeviceGetHandleByIndex_v2");
}

ASSAY_FAKE nvmlDeviceGetUUID(Device device, char* uuid, unsigned length) {
  return answer_text("nvmlDeviceGetUUID", device, uuid, length, uuid_of(index_of(device)));
}
ASSAY_FAKE nvmlDeviceGetName(Device device, char* name, unsigned length) { return answer_text("nvmlDeviceGetName", device, name, length, "Fake GPU"); }
ASSAY_FAKE nvmlDeviceGetSerial(Device device, char* serial, unsigned length) {
  return answer_text("nvmlDeviceGetSerial", device, serial, length, fmt::format("FAKE{:04}", index_of(device)));
}
ASSAY_FAKE nvmlDeviceGetBoardPartNumber(Device device, char* part, unsigned length) {
  return answer_text("nvmlDeviceGetBoardPartNumber", device, part, length, "FAKE-PART");
}
ASSAY_FAKE nvmlDeviceGetVbiosVersion(Device device, char* version, unsigned length) {
  return answer_text("nvmlDeviceGetVbiosVersion", device, version, length, "00.00.00.00.FA");
}
ASSAY_FAKE nvmlDeviceGetPciInfo_v3(Device device, nvml::PciInfo* pci) {
  *pci = {};
  pci->bus = 0xB0 + index_of(device);
  return disturbed(Script::load(), index_of(device), "nvmlDeviceGetPciInfo_v3");
}

ASSAY_FAKE nvmlDeviceGetTemperature(Device device, unsigned /*sensor*/, unsigned* celsius) {
  return answer("nvmlDeviceGetTemperature", device, "", celsius, 40);
}
ASSAY_FAKE nvmlDeviceGetTemperatureThreshold(Device device, unsigned which, unsigned* celsius) {
  return answer("nvmlDeviceGetTemperatureThreshold", device, fmt::format("{}", which), celsius, 90);
}
ASSAY_FAKE nvmlDeviceGetPowerUsage(Device device, unsigned* mw) { return answer("nvmlDeviceGetPowerUsage", device, "", mw, 100'000); }
ASSAY_FAKE nvmlDeviceGetEnforcedPowerLimit(Device device, unsigned* mw) { return answer("nvmlDeviceGetEnforcedPowerLimit", device, "", mw, 700'000); }
ASSAY_FAKE nvmlDeviceGetTotalEnergyConsumption(Device device, uint64_t* mj) {
  return answer("nvmlDeviceGetTotalEnergyConsumption", device, "", mj, 5'000'000);
}
ASSAY_FAKE nvmlDeviceGetClockInfo(Device device, unsigned clock, unsigned* mhz) {
  return answer("nvmlDeviceGetClockInfo", device, fmt::format("{}", clock), mhz, 1410);
}
ASSAY_FAKE nvmlDeviceGetMaxClockInfo(Device device, unsigned clock, unsigned* mhz) {
  return answer("nvmlDeviceGetMaxClockInfo", device, fmt::format("{}", clock), mhz, 1980);
}
ASSAY_FAKE nvmlDeviceGetCurrentClocksThrottleReasons(Device device, uint64_t* reasons) {
  return answer("nvmlDeviceGetCurrentClocksThrottleReasons", device, "", reasons, 1);
}
ASSAY_FAKE nvmlDeviceGetSupportedClocksThrottleReasons(Device device, uint64_t* reasons) {
  return answer("nvmlDeviceGetSupportedClocksThrottleReasons", device, "", reasons, 0xFF);
}
ASSAY_FAKE nvmlDeviceGetUtilizationRates(Device device, nvml::Utilization* rates) {
  const int code = answer("nvmlDeviceGetUtilizationRates", device, "gpu", &rates->gpu, 25);
  return code != nvml::kSuccess ? code : answer("nvmlDeviceGetUtilizationRates", device, "memory", &rates->memory, 10);
}
ASSAY_FAKE nvmlDeviceGetMemoryInfo(Device device, nvml::Memory* memory) {
  memory->total = uint64_t{80} << 30;
  const int code = answer("nvmlDeviceGetMemoryInfo", device, "used", &memory->used, 1 << 30);
  memory->free = memory->total - memory->used;
  return code;
}
ASSAY_FAKE nvmlDeviceGetComputeRunningProcesses(Device device, unsigned* count, void* /*infos*/) {
  const int code = answer("nvmlDeviceGetComputeRunningProcesses", device, "", count, 2);
  return code == nvml::kSuccess && *count > 0 ? nvml::kInsufficientSize : code;
}

ASSAY_FAKE nvmlDeviceGetEccMode(Device device, unsigned* now, unsigned* pending) {
  *pending = 1;
  return answer("nvmlDeviceGetEccMode", device, "", now, 1);
}
ASSAY_FAKE nvmlDeviceGetTotalEccErrors(Device device, unsigned severity, unsigned scope, uint64_t* count) {
  return answer("nvmlDeviceGetTotalEccErrors", device, fmt::format("{}:{}", severity, scope), count, 0);
}
ASSAY_FAKE nvmlDeviceGetMemoryErrorCounter(Device device, unsigned severity, unsigned scope, unsigned place, uint64_t* count) {
  // As on data-centre parts: device memory, L2 and SRAM are told, the rest is not.
  const bool told = place == 1 || place == 2 || place == 7;
  return answer("nvmlDeviceGetMemoryErrorCounter", device, fmt::format("{}:{}:{}", severity, scope, place), count, told ? 0 : -1);
}
ASSAY_FAKE nvmlDeviceGetRetiredPages(Device device, unsigned cause, unsigned* count, uint64_t* /*addresses*/) {
  return answer("nvmlDeviceGetRetiredPages", device, fmt::format("{}", cause), count);
}
ASSAY_FAKE nvmlDeviceGetRetiredPagesPendingStatus(Device device, unsigned* pending) {
  return answer("nvmlDeviceGetRetiredPagesPendingStatus", device, "", pending);
}
ASSAY_FAKE nvmlDeviceGetRemappedRows(Device device, unsigned* correctable, unsigned* uncorrectable, unsigned* pending, unsigned* failure) {
  int code = answer("nvmlDeviceGetRemappedRows", device, "correctable", correctable, 0);
  if (code == nvml::kSuccess) code = answer("nvmlDeviceGetRemappedRows", device, "uncorrectable", uncorrectable, 0);
  if (code == nvml::kSuccess) code = answer("nvmlDeviceGetRemappedRows", device, "pending", pending, 0);
  if (code == nvml::kSuccess) code = answer("nvmlDeviceGetRemappedRows", device, "failure", failure, 0);
  return code;
}
ASSAY_FAKE nvmlDeviceGetRowRemapperHistogram(Device device, nvml::RowRemapHistogram* banks) {
  *banks = {};
  return answer("nvmlDeviceGetRowRemapperHistogram", device, "max", &banks->max, 640);
}

ASSAY_FAKE nvmlDeviceGetPcieReplayCounter(Device device, unsigned* count) { return answer("nvmlDeviceGetPcieReplayCounter", device, "", count, 0); }
ASSAY_FAKE nvmlDeviceGetCurrPcieLinkGeneration(Device device, unsigned* value) { return answer("nvmlDeviceGetCurrPcieLinkGeneration", device, "", value, 5); }
ASSAY_FAKE nvmlDeviceGetMaxPcieLinkGeneration(Device device, unsigned* value) { return answer("nvmlDeviceGetMaxPcieLinkGeneration", device, "", value, 5); }
ASSAY_FAKE nvmlDeviceGetCurrPcieLinkWidth(Device device, unsigned* value) { return answer("nvmlDeviceGetCurrPcieLinkWidth", device, "", value, 16); }
ASSAY_FAKE nvmlDeviceGetMaxPcieLinkWidth(Device device, unsigned* value) { return answer("nvmlDeviceGetMaxPcieLinkWidth", device, "", value, 16); }
ASSAY_FAKE nvmlDeviceGetNvLinkState(Device device, unsigned link, unsigned* active) {
  const Script script = Script::load();
  const double links = script.number("set", index_of(device), "nvlinks").value_or(4);
  if (link >= static_cast<uint32_t>(links)) return nvml::kInvalidArgument;
  return answer("nvmlDeviceGetNvLinkState", device, fmt::format("{}", link), active, 1);
}

ASSAY_FAKE nvmlDeviceGetMigMode(Device device, unsigned* now, unsigned* pending) {
  *pending = 0;
  return answer("nvmlDeviceGetMigMode", device, "", now, 0);
}
ASSAY_FAKE nvmlDeviceGetMigDeviceHandleByIndex(Device device, unsigned index, Device* instance) {
  const double instances = Script::load().number("set", index_of(device), "mig_instances").value_or(0);
  if (index >= static_cast<uint32_t>(instances)) return nvml::kInvalidArgument;
  if (index == 1) return nvml::kNotFound;  // a gap
  *instance = handle_of(kInstanceHandles + 16 * index_of(device) + index);
  return nvml::kSuccess;
}

// Fields are there when the script sets them; signed and unsigned ones have the types that NVML gives them.
ASSAY_FAKE nvmlDeviceGetFieldValues(Device device, int count, nvml::FieldValue* values) {
  const Script script = Script::load();
  const uint32_t gpu = index_of(device);
  if (const int code = disturbed(script, gpu, "nvmlDeviceGetFieldValues"); code != nvml::kSuccess) return code;
  for (int i = 0; i < count; ++i) {
    nvml::FieldValue& value = values[i];
    std::string key = fmt::format("{}", value.field);
    if (value.scope != 0 && script.number("field", gpu, fmt::format("{}:{}", key, value.scope))) key += fmt::format(":{}", value.scope);
    const auto number = script.number("field", gpu, key);
    value.result = number ? nvml::kSuccess : nvml::kNotSupported;
    if (!number) continue;
    if (*number < 0) {
      value.type = nvml::kSint;
      value.number.i32 = static_cast<int32_t>(*number);
    } else if (*number > 4e9) {
      value.type = nvml::kUlongLong;
      value.number.u64 = static_cast<uint64_t>(*number);
    } else {
      value.type = nvml::kUint;
      value.number.u32 = static_cast<uint32_t>(*number);
    }
  }
  return nvml::kSuccess;
}

ASSAY_FAKE nvmlEventSetCreate(nvml::EventSet* set) {
  *set = new EventSetOfFake();
  return nvml::kSuccess;
}
ASSAY_FAKE nvmlEventSetFree(nvml::EventSet set) {
  delete static_cast<EventSetOfFake*>(set);
  return nvml::kSuccess;
}
ASSAY_FAKE nvmlDeviceGetSupportedEventTypes(Device /*device*/, uint64_t* types) {
  *types = nvml::kEventXid | 0x3;
  return nvml::kSuccess;
}
ASSAY_FAKE nvmlDeviceRegisterEvents(Device device, uint64_t /*types*/, nvml::EventSet /*set*/) {
  return disturbed(Script::load(), index_of(device), "nvmlDeviceRegisterEvents");
}
ASSAY_FAKE nvmlEventSetWait_v2(nvml::EventSet set, nvml::EventData* data, unsigned /*milliseconds*/) {
  auto* ours = static_cast<EventSetOfFake*>(set);
  const auto xids = Script::load().all("xid");
  if (ours->delivered >= xids.size()) return nvml::kTimeout;
  const auto& xid = xids[ours->delivered++];
  *data = {handle_of(xid.gpu.value_or(0)), nvml::kEventXid, assay::parse_u64(xid.key).ok() ? *assay::parse_u64(xid.key) : 999, ~0U, ~0U};
  return nvml::kSuccess;
}

#ifndef ASSAY_FAKE_NVML_OLD
ASSAY_FAKE nvmlDeviceGetTemperatureV(Device device, nvml::TemperatureV1* temperature) {
  if (!has_version(temperature, 1)) return nvml::kArgumentVersion;
  return answer("nvmlDeviceGetTemperatureV", device, "", &temperature->temperature, 40);
}
ASSAY_FAKE nvmlDeviceGetMarginTemperature(Device device, nvml::MarginTemperatureV1* margin) {
  if (!has_version(margin, 1)) return nvml::kArgumentVersion;
  return answer("nvmlDeviceGetMarginTemperature", device, "", &margin->margin, 47);
}
ASSAY_FAKE nvmlDeviceGetMemoryInfo_v2(Device device, nvml::MemoryV2* memory) {
  if (!has_version(memory, 2)) return nvml::kArgumentVersion;
  memory->total = uint64_t{80} << 30;
  memory->reserved = uint64_t{500} << 20;
  const int code = answer("nvmlDeviceGetMemoryInfo_v2", device, "used", &memory->used, 1 << 30);
  memory->free = memory->total - memory->reserved - memory->used;
  return code;
}
ASSAY_FAKE nvmlDeviceGetComputeRunningProcesses_v3(Device device, unsigned* count, void* infos) {
  return nvmlDeviceGetComputeRunningProcesses(device, count, infos);
}
ASSAY_FAKE nvmlDeviceGetCurrentClocksEventReasons(Device device, uint64_t* reasons) {
  return answer("nvmlDeviceGetCurrentClocksEventReasons", device, "", reasons, 1);
}
ASSAY_FAKE nvmlDeviceGetSupportedClocksEventReasons(Device device, uint64_t* reasons) {
  return answer("nvmlDeviceGetSupportedClocksEventReasons", device, "", reasons, 0x1FF);
}
ASSAY_FAKE nvmlDeviceGetSramEccErrorStatus(Device device, nvml::SramEccV1* status) {
  if (!has_version(status, 1)) return nvml::kArgumentVersion;
  return answer("nvmlDeviceGetSramEccErrorStatus", device, "threshold", &status->threshold_exceeded, 0);
}
#endif

// SPDX-License-Identifier: Apache-2.0
#include "agent/device_memory.h"

#include "common/base/bytes.h"
#include "common/model/limits.h"
#include "common/wire/report_wire.h"

namespace assay::agent {
namespace {

constexpr uint8_t kFormat = 3;   // 1 had no lengths, 2 no suspicion of the collector's

Error corrupt() { return make_error(ErrorCode::kCorrupt, "what was remembered of the device does not read back"); }

}  // namespace

std::string memory_key(const std::string& device_id) { return "device/" + device_id; }

std::string encode(const DeviceMemory& memory) {
  ByteWriter out;
  out.u8(kFormat);
  out.u8(static_cast<uint8_t>(memory.state));
  out.u8(memory.state_synthetic ? 1 : 0);
  out.u8(memory.suspected_by_collector ? 1 : 0);
  out.text(memory.coverage);
  out.text(memory.lengths);
  out.u32(static_cast<uint32_t>(memory.incidents.size()));
  for (const Incident& incident : memory.incidents) out.text(wire::encode(incident));
  return out.take();
}

Result<DeviceMemory> decode_device_memory(std::string_view bytes) {
  ByteReader in(bytes);
  DeviceMemory memory;
  const uint8_t format = in.u8();
  if (format < 1 || format > kFormat) return corrupt();
  memory.state = in.enumerator(kLastDeviceState);
  memory.state_synthetic = in.u8() != 0;
  if (format >= 3) memory.suspected_by_collector = in.u8() != 0;
  memory.coverage = in.text(limits::kConfigBytes * 16);
  if (format >= 2) memory.lengths = in.text(limits::kConfigBytes);
  const uint32_t incidents = in.count(DeviceWatch::kRecentIncidents);
  for (uint32_t i = 0; i < incidents && in.ok(); ++i) {
    auto incident = wire::decode_incident(in.text(limits::kReportBytes));
    if (!incident.ok()) return corrupt();
    memory.incidents.push_back(std::move(*incident));
  }
  if (!in.complete()) return corrupt();
  return memory;
}

}  // namespace assay::agent

// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "probes/runner/protocol.h"
#include "probes/runner/protocol_fields.h"

namespace assay::probes {
namespace {

Error invalid(std::string_view what) { return make_error(ErrorCode::kInvalid, fmt::format("runner device list: {}", what)); }

Device take_device(ByteReader& in) {
  Device device;
  device.id = in.text(limits::kDeviceIdChars);
  device.kind = in.enumerator(DeviceKind::kGpu);
  device.identity_is_hardware = take_flag(in);
  device.model = in.text(limits::kTextChars);
  device.architecture = in.text(limits::kTextChars);
  device.firmware = in.text(limits::kTextChars);
  device.socket = in.u32();
  device.units = take_numbers(in, limits::kUnitsPerDevice);
  device.location = in.text(limits::kTextChars);
  return device;
}

}  // namespace

std::string encode(const std::vector<Device>& devices) {
  ByteWriter out;
  put_header(out, MessageKind::kDevices);
  out.u32(static_cast<uint32_t>(devices.size()));
  for (const Device& device : devices) {
    out.text(device.id);
    out.u8(static_cast<uint8_t>(device.kind));
    put_flag(out, device.identity_is_hardware);
    out.text(device.model);
    out.text(device.architecture);
    out.text(device.firmware);
    out.u32(device.socket);
    put_numbers(out, device.units);
    out.text(device.location);
  }
  return out.take();
}

Result<std::vector<Device>> decode_devices(std::string_view bytes) {
  ByteReader in(bytes);
  TRY(take_header(in, MessageKind::kDevices));
  std::vector<Device> devices;
  const uint32_t count = in.count(limits::kDevicesPerNode);
  for (uint32_t i = 0; i < count && in.ok(); ++i) devices.push_back(take_device(in));
  if (!in.complete()) return invalid("cut short, too long, or a field is out of range");
  for (const Device& device : devices) {
    if (!is_valid_name(device.id)) return invalid("a device id is not valid");
    if (device.model.empty() || device.architecture.empty()) return invalid(fmt::format("{} has no model or architecture", device.id));
    if (device.units.empty()) return invalid(fmt::format("{} has no units", device.id));
  }
  return devices;
}

}  // namespace assay::probes

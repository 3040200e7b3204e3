// SPDX-License-Identifier: Apache-2.0
#include "common/model/device.h"

#include <algorithm>

#include "common/model/limits.h"

namespace assay {

std::string_view to_string(DeviceKind kind) { return kind == DeviceKind::kGpu ? "gpu" : "cpu_socket"; }

Result<DeviceKind> parse_device_kind(std::string_view text) {
  if (text == "cpu_socket") return DeviceKind::kCpuSocket;
  if (text == "gpu") return DeviceKind::kGpu;
  return make_error(ErrorCode::kInvalid, "device kind is cpu_socket or gpu");
}

std::string cohort_key(const Device& device) {
  return std::string(to_string(device.kind)) + "/" + device.architecture;
}

bool is_valid_name(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == ':' || c == '-';
  };
  return !text.empty() && text.size() <= limits::kNodeNameChars && text.front() != '-' && text.front() != '.' &&
         std::all_of(text.begin(), text.end(), allowed);
}

}  // namespace assay

// SPDX-License-Identifier: Apache-2.0
#include "agent/telemetry/nvml/frames.h"

#include <algorithm>
#include <cmath>

#include "common/base/bytes.h"
#include "common/model/limits.h"

namespace assay::agent::nvml {
namespace {

constexpr size_t kTextChars = 96;        // NVML's own longest text
constexpr size_t kPartChars = 64;
constexpr size_t kWhyChars = 512;
constexpr uint32_t kErrorNames = 64;
constexpr uint8_t kRequestKind = 0xA5;   // so that a request is never taken for an answer

void put(ByteWriter& out, std::string_view text, size_t limit) { out.text(text.substr(0, limit)); }

// What a driver calls itself goes into logs, labels and reports: only printable ASCII does.
std::string take_text(ByteReader& in, size_t limit) {
  std::string text = in.text(limit);
  std::ranges::replace_if(text, [](unsigned char c) { return c < 0x20 || c > 0x7E; }, '?');
  return text;
}

void put(ByteWriter& out, const CallMade& call) {
  put(out, call.name, kTextChars);
  out.u8(call.gpu ? 1 : 0);
  out.u32(call.gpu.value_or(0));
}
CallMade take_call(ByteReader& in) {
  CallMade call;
  call.name = take_text(in, kTextChars);
  const bool has = in.u8() == 1;
  const uint32_t gpu = in.u32();
  if (has) call.gpu = gpu;
  return call;
}

void put(ByteWriter& out, const GpuReading& gpu) {
  out.u32(gpu.identity.index);
  for (const std::string* text : {&gpu.identity.uuid, &gpu.identity.model, &gpu.identity.serial, &gpu.identity.board_part, &gpu.identity.vbios,
                                  &gpu.identity.pci_bus_id}) {
    put(out, *text, kTextChars);
  }
  out.u8(static_cast<uint8_t>(gpu.trouble));
  const size_t facts = std::min<size_t>(gpu.facts.size(), kFactsPerGpu);
  out.u32(static_cast<uint32_t>(facts));
  for (size_t i = 0; i < facts; ++i) {
    out.u8(static_cast<uint8_t>(gpu.facts[i].quantity));
    put(out, gpu.facts[i].part, kPartChars);
    out.f64(gpu.facts[i].value);
  }
}
GpuReading take_gpu(ByteReader& in, bool& fine) {
  GpuReading gpu;
  gpu.identity.index = in.u32();
  fine = fine && gpu.identity.index < limits::kDevicesPerNode;
  for (std::string* text : {&gpu.identity.uuid, &gpu.identity.model, &gpu.identity.serial, &gpu.identity.board_part, &gpu.identity.vbios,
                            &gpu.identity.pci_bus_id}) {
    *text = take_text(in, kTextChars);
  }
  gpu.trouble = in.enumerator(kLastGpuTrouble);
  const uint32_t facts = in.count(kFactsPerGpu);
  for (uint32_t i = 0; i < facts && in.ok(); ++i) {
    GpuFact fact;
    fact.quantity = in.enumerator(kLastGpuQuantity);
    fact.part = take_text(in, kPartChars);
    fact.value = in.f64();
    fine = fine && std::isfinite(fact.value);
    gpu.facts.push_back(std::move(fact));
  }
  return gpu;
}

void put(ByteWriter& out, const SampleDone& done) {
  put(out, done.driver_version, kTextChars);
  out.u32(done.gpus);
  const size_t xids = std::min<size_t>(done.xids.size(), kXidsPerSample);
  out.u32(static_cast<uint32_t>(xids));
  for (size_t i = 0; i < xids; ++i) {
    out.u32(done.xids[i].gpu);
    out.u32(done.xids[i].code);
  }
  const size_t errors = std::min<size_t>(done.failed_calls.size(), kErrorNames);
  out.u32(static_cast<uint32_t>(errors));
  auto error = done.failed_calls.begin();
  for (size_t i = 0; i < errors; ++i, ++error) {
    put(out, error->first, kPartChars);
    out.u64(error->second);
  }
}
SampleDone take_done(ByteReader& in) {
  SampleDone done;
  done.driver_version = take_text(in, kTextChars);
  done.gpus = in.count(limits::kDevicesPerNode);
  const uint32_t xids = in.count(kXidsPerSample);
  for (uint32_t i = 0; i < xids && in.ok(); ++i) {
    NvmlXid xid;
    xid.gpu = in.u32();
    xid.code = in.u32();
    done.xids.push_back(xid);
  }
  const uint32_t errors = in.count(kErrorNames);
  for (uint32_t i = 0; i < errors && in.ok(); ++i) {
    std::string name = take_text(in, kPartChars);
    done.failed_calls[std::move(name)] = in.u64();
  }
  return done;
}

void put(ByteWriter& out, const SampleFailed& failed) { put(out, failed.why, kWhyChars); }

Error nonsense() { return make_error(ErrorCode::kInvalid, "a frame between agent and assay-nvml-reader that is none; both must be of one release"); }

}  // namespace

std::string encode(const SampleRequest& request) {
  ByteWriter out;
  out.u8(kFrameVersion);
  out.u8(kRequestKind);
  out.u64(request.id);
  return out.take();
}

std::string encode(const Answer& answer) {
  ByteWriter out;
  out.u8(kFrameVersion);
  out.u8(static_cast<uint8_t>(answer.what.index()));
  out.u64(answer.id);
  std::visit([&](const auto& what) { put(out, what); }, answer.what);
  return out.take();
}

Result<SampleRequest> decode_request(std::string_view bytes) {
  ByteReader in(bytes);
  const bool ours = in.u8() == kFrameVersion;
  const bool request = in.u8() == kRequestKind;
  SampleRequest decoded;
  decoded.id = in.u64();
  if (!ours || !request || !in.complete()) return nonsense();
  return decoded;
}

Result<Answer> decode_answer(std::string_view bytes) {
  ByteReader in(bytes);
  bool fine = bytes.size() <= kFrameBytes && in.u8() == kFrameVersion;
  const uint8_t kind = in.u8();
  Answer answer;
  answer.id = in.u64();
  switch (kind) {
    case 0: answer.what = take_call(in); break;
    case 1: answer.what = take_gpu(in, fine); break;
    case 2: answer.what = take_done(in); break;
    case 3: answer.what = SampleFailed{take_text(in, kWhyChars)}; break;
    default: return nonsense();
  }
  if (!fine || !in.complete()) return nonsense();
  return answer;
}

}  // namespace assay::agent::nvml

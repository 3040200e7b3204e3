// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "probes/runner/protocol.h"
#include "probes/runner/protocol_fields.h"

namespace assay::probes {
namespace {

Error invalid(std::string_view what) { return make_error(ErrorCode::kInvalid, fmt::format("runner variant list: {}", what)); }

ProbeVariant take_variant(ByteReader& in) {
  ProbeVariant variant;
  variant.device = in.text(limits::kDeviceIdChars);
  variant.probe = in.text(limits::kProbeIdChars);
  variant.variant = in.text(kVariantChars);
  variant.silicon = in.text(limits::kTextChars);
  variant.missing = in.text(limits::kTextChars);
  variant.ran_on_silicon = take_flag(in);
  return variant;
}

}  // namespace

bool is_valid_variant(std::string_view text) {
  if (text.size() > kVariantChars) return false;
  for (const char c : text) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  }
  return true;
}

std::string encode(const std::vector<ProbeVariant>& variants) {
  ByteWriter out;
  put_header(out, MessageKind::kVariants);
  out.u32(static_cast<uint32_t>(variants.size()));
  for (const ProbeVariant& variant : variants) {
    out.text(variant.device);
    out.text(variant.probe);
    out.text(variant.variant);
    out.text(variant.silicon);
    out.text(variant.missing);
    put_flag(out, variant.ran_on_silicon);
  }
  return out.take();
}

Result<std::vector<ProbeVariant>> decode_variants(std::string_view bytes) {
  ByteReader in(bytes);
  TRY(take_header(in, MessageKind::kVariants));
  std::vector<ProbeVariant> variants;
  const uint32_t count = in.count(limits::kProbeVariants);
  for (uint32_t i = 0; i < count && in.ok(); ++i) variants.push_back(take_variant(in));
  if (!in.complete()) return invalid("cut short, too long, or a field is out of range");
  std::set<std::tuple<std::string, std::string, std::string>> seen;
  for (const ProbeVariant& variant : variants) {
    if (!is_valid_probe_id(variant.probe)) return invalid("a probe has no valid name");
    if (!is_valid_name(variant.device)) return invalid(fmt::format("{} has no valid device", variant.probe));
    if (variant.runs() == variant.variant.empty()) return invalid(fmt::format("{} has neither a variant nor a reason why not, or both", variant.probe));
    if (!is_valid_variant(variant.variant)) return invalid(fmt::format("{} has a variant that is no lower-case word", variant.probe));
    if (!seen.insert({variant.device, variant.probe, variant.variant}).second) {
      return invalid(fmt::format("{} has the variant {} twice", variant.probe, variant.variant));
    }
  }
  return variants;
}

}  // namespace assay::probes

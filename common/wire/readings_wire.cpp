// SPDX-License-Identifier: Apache-2.0
// Readings of accelerators and what they offer, both ways. Names are short words, times and numbers are checked like all that an agent says.
#include <cmath>

#include <fmt/format.h>

#include "common/model/limits.h"
#include "common/model/probe_spec.h"
#include "common/wire/report_wire.h"
#include "common/wire/translation.h"

namespace assay::wire {
namespace {

Error bad(std::string_view field, std::string_view why) { return make_error(ErrorCode::kInvalid, fmt::format("readings.{}: {}", field, why)); }
Error over(std::string_view field, size_t limit) { return make_error(ErrorCode::kLimit, fmt::format("{}: over the limit of {}", field, limit)); }

// A word of a-z, 0-9 and '_', or nothing: it is shown to people and becomes part of pages.
Result<std::string> word(const std::string& value, std::string_view field) {
  if (!value.empty() && !is_valid_probe_id(value)) return bad(field, "not a word of a-z, 0-9, '_' and '.'");
  return value;
}

Result<double> quantity(double value, std::string_view field) {
  if (!std::isfinite(value) || value < 0) return bad(field, "not a finite number of 0 or more");
  return value;
}

Result<XidCount> take(const v1::XidCount& from) {
  XidCount out;
  out.code = from.code();
  out.xid_class = TRY(word(from.xid_class(), "xids.xid_class"));
  out.seen = from.seen();
  if (from.last_unix_ns() < 0) return bad("xids.last", "before 1970");
  out.last = WallTime{Duration{from.last_unix_ns()}};
  return out;
}

}  // namespace

void put(const AcceleratorReadings& from, v1::AcceleratorReadings& to) {
  if (from.memory_temperature_celsius) to.set_memory_temperature_celsius(*from.memory_temperature_celsius);
  if (from.power_limit_watts) to.set_power_limit_watts(*from.power_limit_watts);
  if (from.memory_clock_hertz) to.set_memory_clock_hertz(*from.memory_clock_hertz);
  for (const std::string& event : from.clock_events) to.add_clock_events(event);
  if (from.ecc_corrected) to.set_ecc_corrected(*from.ecc_corrected);
  if (from.ecc_uncorrected) to.set_ecc_uncorrected(*from.ecc_uncorrected);
  if (from.row_remaps) to.set_row_remaps(*from.row_remaps);
  if (from.row_remap_pending) to.set_row_remap_pending(*from.row_remap_pending);
  if (from.row_remap_failure) to.set_row_remap_failure(*from.row_remap_failure);
  if (from.retired_pages) to.set_retired_pages(*from.retired_pages);
  if (from.pcie_replays) to.set_pcie_replays(*from.pcie_replays);
  if (from.nvlink_errors) to.set_nvlink_errors(*from.nvlink_errors);
  to.set_trouble(from.trouble);
  to.set_recovery_action(from.recovery_action);
  to.set_driver_version(from.driver_version);
  for (const XidCount& xid : from.xids) {
    v1::XidCount& out = *to.add_xids();
    out.set_code(xid.code);
    out.set_xid_class(xid.xid_class);
    out.set_seen(xid.seen);
    out.set_last_unix_ns(xid.last.time_since_epoch().count());
  }
}

Result<AcceleratorReadings> take(const v1::AcceleratorReadings& from) {
  AcceleratorReadings out;
  if (from.has_memory_temperature_celsius()) out.memory_temperature_celsius = TRY(quantity(from.memory_temperature_celsius(), "memory_temperature_celsius"));
  if (from.has_power_limit_watts()) out.power_limit_watts = TRY(quantity(from.power_limit_watts(), "power_limit_watts"));
  if (from.has_memory_clock_hertz()) out.memory_clock_hertz = TRY(quantity(from.memory_clock_hertz(), "memory_clock_hertz"));
  if (static_cast<size_t>(from.clock_events_size()) > limits::kClockEventsPerDevice) return over("readings.clock_events", limits::kClockEventsPerDevice);
  for (const std::string& event : from.clock_events()) out.clock_events.push_back(TRY(word(event, "clock_events")));
  if (from.has_ecc_corrected()) out.ecc_corrected = from.ecc_corrected();
  if (from.has_ecc_uncorrected()) out.ecc_uncorrected = from.ecc_uncorrected();
  if (from.has_row_remaps()) out.row_remaps = from.row_remaps();
  if (from.has_row_remap_pending()) out.row_remap_pending = from.row_remap_pending();
  if (from.has_row_remap_failure()) out.row_remap_failure = from.row_remap_failure();
  if (from.has_retired_pages()) out.retired_pages = from.retired_pages();
  if (from.has_pcie_replays()) out.pcie_replays = from.pcie_replays();
  if (from.has_nvlink_errors()) out.nvlink_errors = from.nvlink_errors();
  out.trouble = TRY(word(from.trouble(), "trouble"));
  out.recovery_action = TRY(word(from.recovery_action(), "recovery_action"));
  if (from.driver_version().size() > limits::kProbeIdChars) return over("readings.driver_version", limits::kProbeIdChars);
  out.driver_version = from.driver_version();
  if (static_cast<size_t>(from.xids_size()) > limits::kXidsPerDevice) return over("readings.xids", limits::kXidsPerDevice);
  for (const v1::XidCount& xid : from.xids()) out.xids.push_back(TRY(take(xid)));
  return out;
}

void put(const std::vector<ProbeOffer>& from, v1::ProbeOffers& to) {
  for (const ProbeOffer& offer : from) {
    v1::ProbeOffer& out = *to.add_offers();
    out.set_probe(offer.probe);
    out.set_variant(offer.variant);
    out.set_ran_on_silicon(offer.ran_on_silicon);
  }
}

Result<std::vector<ProbeOffer>> take(const v1::ProbeOffers& from) {
  if (static_cast<size_t>(from.offers_size()) > limits::kOffersPerDevice) return over("offers", limits::kOffersPerDevice);
  std::vector<ProbeOffer> out;
  for (const v1::ProbeOffer& offer : from.offers()) {
    if (!is_valid_probe_id(offer.probe())) return make_error(ErrorCode::kInvalid, "offers.probe: not a probe id");
    if (offer.variant().size() > limits::kProbeIdChars) return over("offers.variant", limits::kProbeIdChars);
    out.push_back({offer.probe(), offer.variant(), offer.ran_on_silicon()});
  }
  return out;
}

}  // namespace assay::wire

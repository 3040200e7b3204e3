// SPDX-License-Identifier: Apache-2.0
// Reports and acknowledgements as bytes and back. Decoding checks every limit of limits.h and every enumerator: what it
// returns is safe to use. Unknown fields pass; unknown enumerators are refused by name. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/model/report.h"

namespace assay::wire {

// The media type of both; the number is the major version of the wire (docs/reference/wire.md).
inline constexpr char kContentType[] = "application/x-protobuf; proto=assay.v1";

std::string encode(const Report& report);
std::string encode(const ReportAck& ack);
// kInvalid or kLimit, naming the field.
Result<Report> decode_report(std::string_view bytes);
Result<ReportAck> decode_ack(std::string_view bytes);
// For stores: one incident, one observation.
std::string encode(const Incident& incident);
Result<Incident> decode_incident(std::string_view bytes);
std::string encode(const Observation& observation);
Result<Observation> decode_observation(std::string_view bytes);
// The readings of one device ("" when there are none), and what it offers.
std::string encode(const AcceleratorReadings& readings);
Result<AcceleratorReadings> decode_readings(std::string_view bytes);
std::string encode(const std::vector<ProbeOffer>& offers);
Result<std::vector<ProbeOffer>> decode_offers(std::string_view bytes);

}  // namespace assay::wire

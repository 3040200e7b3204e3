// SPDX-License-Identifier: Apache-2.0
// Internal to common/wire: the protobuf side of the translation. put() never fails; take() checks everything and names the field.
#pragma once

#include "common/model/report.h"
#include "report.pb.h"

namespace assay::wire {

void put(const Report& from, v1::Report& to);
void put(const ReportAck& from, v1::ReportAck& to);
void put(const Incident& from, v1::Incident& to);
void put(const Observation& from, v1::Observation& to);
void put(const AcceleratorReadings& from, v1::AcceleratorReadings& to);
void put(const std::vector<ProbeOffer>& from, v1::ProbeOffers& to);
// 16 bytes, high half first, big-endian.
void put_digest(const Digest& digest, std::string& out);

Result<Report> take(const v1::Report& from);
Result<ReportAck> take(const v1::ReportAck& from);
Result<Incident> take(const v1::Incident& from);
Result<Observation> take(const v1::Observation& from);
Result<AcceleratorReadings> take(const v1::AcceleratorReadings& from);
Result<std::vector<ProbeOffer>> take(const v1::ProbeOffers& from);

}  // namespace assay::wire

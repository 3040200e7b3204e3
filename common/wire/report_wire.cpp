// SPDX-License-Identifier: Apache-2.0
#include "common/wire/report_wire.h"

#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "common/base/check.h"
#include "common/model/limits.h"
#include "common/wire/translation.h"

namespace assay::wire {
namespace {

// Deterministic: equal values give equal bytes (map fields sorted), which tests and stores rely on.
template <typename Message, typename Value>
std::string encode_as(const Value& value) {
  Message message;
  put(value, message);
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream sink(&bytes);
    google::protobuf::io::CodedOutputStream coded(&sink);
    coded.SetSerializationDeterministic(true);
    ASSAY_CHECK(message.SerializeToCodedStream(&coded));
  }
  return bytes;
}

template <typename Message, typename Value>
Result<Value> decode_as(std::string_view bytes, std::string_view what) {
  if (bytes.size() > limits::kReportBytes) {
    return make_error(ErrorCode::kLimit, fmt::format("{} of {} bytes is over the limit of {}", what, bytes.size(), limits::kReportBytes));
  }
  Message message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return make_error(ErrorCode::kInvalid, fmt::format("{}: not a protobuf message of assay.v1", what));
  }
  auto value = take(message);
  if (!value) return value.error().in(what);
  return value;
}

}  // namespace

std::string encode(const Report& report) { return encode_as<v1::Report>(report); }
std::string encode(const ReportAck& ack) { return encode_as<v1::ReportAck>(ack); }
std::string encode(const Incident& incident) { return encode_as<v1::Incident>(incident); }
std::string encode(const Observation& observation) { return encode_as<v1::Observation>(observation); }

std::string encode(const AcceleratorReadings& readings) { return encode_as<v1::AcceleratorReadings>(readings); }
std::string encode(const std::vector<ProbeOffer>& offers) { return encode_as<v1::ProbeOffers>(offers); }

Result<Report> decode_report(std::string_view bytes) { return decode_as<v1::Report, Report>(bytes, "report"); }
Result<ReportAck> decode_ack(std::string_view bytes) { return decode_as<v1::ReportAck, ReportAck>(bytes, "acknowledgement"); }
Result<Incident> decode_incident(std::string_view bytes) { return decode_as<v1::Incident, Incident>(bytes, "incident"); }
Result<Observation> decode_observation(std::string_view bytes) {
  return decode_as<v1::Observation, Observation>(bytes, "observation");
}
Result<AcceleratorReadings> decode_readings(std::string_view bytes) { return decode_as<v1::AcceleratorReadings, AcceleratorReadings>(bytes, "readings"); }
Result<std::vector<ProbeOffer>> decode_offers(std::string_view bytes) { return decode_as<v1::ProbeOffers, std::vector<ProbeOffer>>(bytes, "offers"); }

}  // namespace assay::wire

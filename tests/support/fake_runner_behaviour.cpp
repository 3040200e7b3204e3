// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_runner_behaviour.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "common/base/parse.h"

namespace assay::test {
namespace {

Result<Misdeed> parse_misdeed(std::string_view word) {
  static constexpr std::array<std::pair<std::string_view, Misdeed>, 9> kWords = {{{"honest", Misdeed::kHonest},
                                                                                  {"flip", Misdeed::kFlip},
                                                                                  {"flip_once", Misdeed::kFlipOnce},
                                                                                  {"blind", Misdeed::kBlind},
                                                                                  {"deaf_control", Misdeed::kDeafControl},
                                                                                  {"hang", Misdeed::kHang},
                                                                                  {"crash", Misdeed::kCrash},
                                                                                  {"garbage", Misdeed::kGarbage},
                                                                                  {"slow", Misdeed::kSlow}}};
  for (const auto& [name, misdeed] : kWords) {
    if (word == name) return misdeed;
  }
  return make_error(ErrorCode::kInvalid, fmt::format("'{}' is no behaviour of the fake runner", word));
}

Status set_parameter(Behaviour& behaviour, std::string_view text) {
  const size_t equals = text.find('=');
  const std::string_view name = text.substr(0, equals);
  const uint64_t value = TRY(parse_u64(equals == std::string_view::npos ? "" : text.substr(equals + 1)));
  if (name == "unit") {
    behaviour.unit = static_cast<uint32_t>(value);
  } else if (name == "salt") {
    behaviour.salt = value;
  } else if (name == "ms") {
    behaviour.delay_ms = static_cast<uint32_t>(value);
  } else {
    return make_error(ErrorCode::kInvalid, fmt::format("'{}' is no parameter of a behaviour: unit, salt or ms", name));
  }
  return {};
}

}  // namespace

Result<Behaviour> parse_behaviour(std::string_view text) {
  text = trim(text);
  const size_t colon = text.find(':');
  Behaviour behaviour;
  behaviour.misdeed = TRY(parse_misdeed(text.substr(0, colon)));
  if (colon == std::string_view::npos) return behaviour;
  for (const std::string_view part : split(text.substr(colon + 1), ',')) TRY(set_parameter(behaviour, part));
  return behaviour;
}

}  // namespace assay::test

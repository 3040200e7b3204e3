// SPDX-License-Identifier: Apache-2.0
#include "agent/core/backend_watch.h"

#include <algorithm>

#include <fmt/format.h>

namespace assay::agent {
namespace {

Remark remark_of(std::string_view backend, const Error& error, Duration deadline) {
  if (error.code == ErrorCode::kTimeout) {
    return {RemarkKind::kHungDriverCall, false, fmt::format("call=discovery backend={} after=\"{}\"", backend, format_span(deadline)), ""};
  }
  return {RemarkKind::kBackendFailed, false, fmt::format("backend={} said=\"{}\"", backend, error.message), ""};
}

}  // namespace

size_t BackendWatch::place_of(std::string_view backend) {
  const auto known = std::ranges::find(facts_, backend, &BackendFacts::name);
  if (known != facts_.end()) return static_cast<size_t>(known - facts_.begin());
  facts_.push_back({std::string(backend), false, 0, 0});
  plans_.emplace_back();
  return facts_.size() - 1;
}

News BackendWatch::answered(std::string_view backend, const Result<uint64_t>& devices, Duration deadline, MonoTime now) {
  News news;
  const size_t place = place_of(backend);
  BackendFacts& facts = facts_[place];
  Plan& plan = plans_[place];
  asking_ = false;
  // Only ask_all() sets it while the backend is being asked: what was mended then, this answer may not know of.
  const MonoTime asked_meanwhile = plan.ask_at;
  facts.success = devices.ok();
  facts.devices = devices.ok() ? *devices : 0;
  if (devices.ok()) {
    plan = Plan{};
    if (facts.devices == 0) plan.ask_at = asked_meanwhile;
    return news;
  }
  const Error& error = devices.error();
  if (error.code == ErrorCode::kTimeout) ++facts.hangs;
  if (plan.failures == 0 || plan.told != error.code) {
    news.remarks.push_back(remark_of(backend, error, deadline));
    news.urgent = true;
  }
  plan.told = error.code;
  const Duration pause = kFirstPause * (int64_t{1} << std::min(plan.failures++, 16U));
  plan.ask_at = std::min(asked_meanwhile, now + std::min(pause, kLongestPause));
  return news;
}

void BackendWatch::ask_all(MonoTime now) {
  for (size_t place = 0; place < facts_.size(); ++place) {
    if (facts_[place].devices == 0) plans_[place].ask_at = now;
  }
}

std::optional<std::string> BackendWatch::due(MonoTime now) {
  if (asking_) return std::nullopt;
  const auto first = std::ranges::min_element(plans_, {}, &Plan::ask_at);
  if (first == plans_.end() || first->ask_at > now) return std::nullopt;
  first->ask_at = MonoTime::max();
  asking_ = true;
  return facts_[static_cast<size_t>(first - plans_.begin())].name;
}

MonoTime BackendWatch::wake_at() const {
  MonoTime wake = MonoTime::max();
  if (asking_) return wake;
  for (const Plan& plan : plans_) wake = std::min(wake, plan.ask_at);
  return wake;
}

}  // namespace assay::agent

// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/device/word_cache.h"

namespace assay::probes::device {
namespace {

uint64_t bytes_of(const SharedWords& words) { return words->words.size() * sizeof(uint64_t); }

}  // namespace

SharedWords WordCache::find(const Key& key) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return entries_.front().words;
}

void WordCache::keep(const Key& key, SharedWords words) {
  const uint64_t size = bytes_of(words);
  if (size > limit_bytes_ || by_key_.contains(key)) return;
  while (bytes_ + size > limit_bytes_) {
    bytes_ -= bytes_of(entries_.back().words);
    by_key_.erase(entries_.back().key);
    entries_.pop_back();
  }
  entries_.push_front({key, std::move(words)});
  by_key_[key] = entries_.begin();
  bytes_ += size;
}

}  // namespace assay::probes::device

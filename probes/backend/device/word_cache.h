// SPDX-License-Identifier: Apache-2.0
// Words made on the host for the device (operands, expected outputs), kept within a bound so that a slice need not make them again.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace assay::probes::device {

// Words of one operand set, and how many belong to each step (0 where steps mean nothing).
struct SetWords {
  std::vector<uint64_t> words;
  uint32_t words_per_step = 0;
};
using SharedWords = std::shared_ptr<const SetWords>;

// Least recently used goes first. What was handed out stays valid. One thread.
class WordCache {
 public:
  using Key = std::pair<std::string, uint32_t>;  // what they are of, operand set
  explicit WordCache(uint64_t limit_bytes) : limit_bytes_(limit_bytes) {}

  // nullptr when it is not here.
  SharedWords find(const Key& key);
  // What is larger than the bound is not kept.
  void keep(const Key& key, SharedWords words);
  uint64_t bytes() const { return bytes_; }

 private:
  struct Entry {
    Key key;
    SharedWords words;
  };
  uint64_t limit_bytes_;
  uint64_t bytes_ = 0;
  std::list<Entry> entries_;  // latest first
  std::map<Key, std::list<Entry>::iterator> by_key_;
};

}  // namespace assay::probes::device

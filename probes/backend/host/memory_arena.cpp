// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/memory_arena.h"

#include <algorithm>
#include <utility>

namespace assay::probes::host {
namespace {

size_t total_of(const std::vector<MappedMemory>& memories) {
  size_t total = 0;
  for (const MappedMemory& memory : memories) total += memory.bytes();
  return total;
}

}  // namespace

MemoryLoan& MemoryLoan::operator=(MemoryLoan&& other) noexcept {
  if (this == &other) return *this;
  give_back();
  arena_ = other.arena_;
  memory_ = std::move(other.memory_);
  return *this;
}

void MemoryLoan::give_back() {
  if (memory_.empty()) return;
  MappedMemory memory = std::move(memory_);
  if (arena_ != nullptr) arena_->take_back(std::move(memory));
}

MemoryLoan MemoryArena::borrow(size_t bytes) {
  const std::lock_guard lock(mutex_);
  const auto fits = [bytes](const MappedMemory& memory) { return memory.bytes() == bytes; };
  const auto found = std::find_if(kept_.rbegin(), kept_.rend(), fits);
  if (found != kept_.rend()) {
    MappedMemory memory = std::move(*found);
    kept_.erase(std::next(found).base());
    return {this, std::move(memory)};
  }
  return {this, MappedMemory(bytes)};
}

size_t MemoryArena::kept_bytes() const {
  const std::lock_guard lock(mutex_);
  return total_of(kept_);
}

void MemoryArena::release() {
  const std::lock_guard lock(mutex_);
  kept_.clear();
}

void MemoryArena::take_back(MappedMemory memory) {
  const std::lock_guard lock(mutex_);
  if (memory.bytes() > limit_) return;
  kept_.push_back(std::move(memory));
  while (total_of(kept_) > limit_) kept_.erase(kept_.begin());
}

MemoryLoan borrow_memory(MemoryArena* arena, size_t bytes) {
  return arena != nullptr ? arena->borrow(bytes) : MemoryLoan(nullptr, MappedMemory(bytes));
}

}  // namespace assay::probes::host

// SPDX-License-Identifier: Apache-2.0
// Memory under test that outlives the slice it was had for: a fresh 64 MiB costs 10 to 100 ms of first touches, more than a slice
// has. The runner owns one; a kernel borrows from it and gives back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

#include "probes/backend/host/mapped_memory.h"

namespace assay::probes::host {

class MemoryArena;

// Memory on loan; goes back to its arena, or to the kernel when there is none. Movable.
class MemoryLoan {
 public:
  MemoryLoan() = default;
  MemoryLoan(MemoryArena* arena, MappedMemory memory) : arena_(arena), memory_(std::move(memory)) {}
  MemoryLoan(MemoryLoan&&) noexcept = default;
  MemoryLoan& operator=(MemoryLoan&& other) noexcept;
  ~MemoryLoan() { give_back(); }

  bool empty() const { return memory_.empty(); }
  uint64_t* data() const { return memory_.words().data(); }
  std::span<uint64_t> words() const { return memory_.words(); }
  size_t huge_bytes() const { return memory_.huge_bytes(); }

 private:
  void give_back();

  MemoryArena* arena_ = nullptr;
  MappedMemory memory_;
};

// Thread-safe. Loans must end before the arena does.
class MemoryArena {
 public:
  // Keeps at most that much between slices; what comes back beyond it goes to the kernel.
  static constexpr size_t kKeptBytes = 128 * 1024 * 1024;
  explicit MemoryArena(size_t kept_bytes = kKeptBytes) : limit_(kept_bytes) {}

  // Memory of that size with undefined content: kept memory of the same size if there is any, with its pages. Empty when it cannot be
  // had.
  MemoryLoan borrow(size_t bytes);
  // What is kept and lent to nobody.
  size_t kept_bytes() const;
  // Gives all of that to the kernel.
  void release();

 private:
  friend class MemoryLoan;
  void take_back(MappedMemory memory);

  const size_t limit_;
  mutable std::mutex mutex_;
  std::vector<MappedMemory> kept_;  // oldest first
};

// From the arena where there is one.
MemoryLoan borrow_memory(MemoryArena* arena, size_t bytes);

}  // namespace assay::probes::host

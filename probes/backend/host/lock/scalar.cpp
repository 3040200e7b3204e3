// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <utility>

#include "probes/backend/host/aligned_buffer.h"
#include "probes/backend/host/lock/kernel.h"
#include "probes/backend/host/lock/record.h"
#include "probes/backend/host/team.h"
#include "probes/catalogue/lock.h"

namespace assay::probes::host {
namespace {

using namespace lock;
using Record = LockRecord;

uint64_t next_value(uint64_t& s) {
  s = s * kStreamFactor + kStreamStep;
  return std::rotl(s, 17);
}

// A record without anything atomic in it: the lock alone keeps it whole. The lock has a line of its own.
struct alignas(128) Locked {
  alignas(128) std::atomic<uint32_t> taken{0};    // of the test-and-set lock
  alignas(128) std::atomic<uint32_t> ticket{0};   // of the ticket lock
  std::atomic<uint32_t> serving{0};
  alignas(128) Record record{};
  Record bonds{};
};

// Sequence lock (Boehm, "Can seqlocks get along with programming language memory models?", MSPC 2012), with ordered accesses to the
// data in place of fences.
struct alignas(128) Sequenced {
  std::atomic<uint64_t> sequence{0};
  std::array<std::atomic<uint64_t>, kRecordWords> record{};
  Record bonds{};
};

struct alignas(128) Stream {
  uint64_t s = 0;
  uint64_t torn = 0;
  uint64_t torn_reads = 0;
  uint64_t backward = 0;
  uint64_t reads = 0;
};

class LockKernel final : public TeamKernel {
 public:
  explicit LockKernel(std::unique_ptr<Team> team) : TeamKernel(std::move(team)), state_(kStateWords), output_(kOutputWords) {}

  bool has_memory() const { return !state_.empty() && !output_.empty(); }

  void prepare(uint32_t operand_set) override {
    team().take_places(operand_set);
    operands(operand_set, state_.span(), factors_);
  }

  uint32_t steps() const override { return kSteps; }

  void step(uint32_t index) override {
    load();
    const uint32_t writer = index % kStreams;
    if (!run_step([this, writer](uint32_t member) { return change(member) && watch(member, writer); })) return;
    store();
  }

  std::span<uint64_t> output() override { return output_.span(); }
  std::span<uint64_t> state() override { return state_.span(); }
  double work_per_run() const override { return 1.0 * kSteps * (2 * kStreams * kTurns + kWrites + (kStreams - 1) * kReads); }

 private:
  void load() {
    for (uint32_t t = 0; t < kStreams; ++t) {
      streams_[t] = {};
      streams_[t].s = state_.data()[t];
    }
    for (uint32_t lock = 0; lock < 2; ++lock) {
      std::copy_n(record_in_state(lock), kRecordWords, locked_[lock].record.begin());
      locked_[lock].bonds = bonds_of(locked_[lock].record, factors_);
    }
    Record shared{};
    std::copy_n(record_in_state(2), kRecordWords, shared.begin());
    for (uint32_t i = 0; i < kRecordWords; ++i) sequenced_.record[i].store(shared[i], std::memory_order_relaxed);
    sequenced_.bonds = bonds_of(shared, factors_);
  }

  void store() {
    for (uint32_t t = 0; t < kStreams; ++t) state_.data()[t] = streams_[t].s;
    for (uint32_t lock = 0; lock < 2; ++lock) std::ranges::copy(locked_[lock].record, record_in_state(lock));
    for (uint32_t i = 0; i < kRecordWords; ++i) record_in_state(2)[i] = sequenced_.record[i].load(std::memory_order_relaxed);
    std::copy_n(state_.data(), kStateWords, output_.data());
    for (uint32_t t = 0; t < kStreams; ++t) {
      output_.data()[kTorn + t] = streams_[t].torn;
      output_.data()[kTornReads + t] = streams_[t].torn_reads;
      output_.data()[kBackward + t] = streams_[t].backward;
      output_.data()[kReadsDone + t] = streams_[t].reads;
    }
  }

  uint64_t* record_in_state(uint32_t record) { return state_.data() + kStreams + record * kRecordWords; }

  bool change(uint32_t member) {
    for (uint32_t turn = 0; turn < kTurns; ++turn) {
      const bool done = for_parts_of(member, kStreams, [this](uint32_t t) { return change_alone(streams_[t]) && change_by_ticket(streams_[t]); });
      if (!done) return false;
    }
    return true;
  }

  bool change_alone(Stream& stream) {
    Locked& lock = locked_[0];
    const auto take = [&] {
      return lock.taken.load(std::memory_order_relaxed) == 0 && lock.taken.exchange(1, std::memory_order_acquire) == 0;
    };
    if (!team().wait_until(take)) return false;
    change_record(lock, stream);
    lock.taken.store(0, std::memory_order_release);
    team().signal();
    return true;
  }

  bool change_by_ticket(Stream& stream) {
    Locked& lock = locked_[1];
    const uint32_t mine = lock.ticket.fetch_add(1, std::memory_order_relaxed);
    if (!team().wait_until([&] { return lock.serving.load(std::memory_order_acquire) == mine; })) return false;
    change_record(lock, stream);
    lock.serving.store(mine + 1, std::memory_order_release);
    team().signal();
    return true;
  }

  void change_record(Locked& lock, Stream& stream) {
    stream.torn += torn_words(lock.record, factors_, lock.bonds);
    const uint64_t value = next_value(stream.s);
    for (uint32_t i = 0; i < kRecordWords; ++i) lock.record[i] += factors_[i] * value;
  }

  bool watch(uint32_t member, uint32_t writer) {
    return for_parts_of(member, kStreams, [&](uint32_t t) {
      if (t != writer) return read_copies(streams_[t]);
      for (uint32_t i = 0; i < kWrites; ++i) write_once(streams_[t]);
      return true;
    });
  }

  // The only writer of the step.
  void write_once(Stream& stream) {
    const uint64_t value = next_value(stream.s);
    const uint64_t sequence = sequenced_.sequence.load(std::memory_order_relaxed);
    sequenced_.sequence.store(sequence + 1, std::memory_order_relaxed);
    for (uint32_t i = 0; i < kRecordWords; ++i) {
      const uint64_t before = sequenced_.record[i].load(std::memory_order_relaxed);
      sequenced_.record[i].store(before + factors_[i] * value, std::memory_order_release);
    }
    sequenced_.sequence.store(sequence + 2, std::memory_order_release);
    team().signal();
  }

  bool read_copies(Stream& stream) {
    uint64_t newest = 0;
    for (uint32_t i = 0; i < kReads; ++i) {
      Record copy{};
      uint64_t sequence = 0;
      if (!team().wait_until([&] { return read_whole(copy, sequence); })) return false;
      stream.torn_reads += torn_words(copy, factors_, sequenced_.bonds);
      stream.backward += sequence < newest ? 1 : 0;
      newest = std::max(newest, sequence);
      ++stream.reads;
    }
    return true;
  }

  bool read_whole(Record& copy, uint64_t& sequence) const {
    sequence = sequenced_.sequence.load(std::memory_order_acquire);
    if (sequence % 2 != 0) return false;
    for (uint32_t i = 0; i < kRecordWords; ++i) copy[i] = sequenced_.record[i].load(std::memory_order_acquire);
    return sequenced_.sequence.load(std::memory_order_relaxed) == sequence;
  }

  AlignedBuffer state_;
  AlignedBuffer output_;
  Record factors_{};
  std::array<Stream, kStreams> streams_{};
  std::array<Locked, 2> locked_{};
  Sequenced sequenced_;
};

}  // namespace

std::unique_ptr<Kernel> make_lock(const KernelSite& site) {
  auto team = Team::start(site, kStreams - 1);
  if (!team) return nullptr;
  auto kernel = std::make_unique<LockKernel>(std::move(team));
  if (!kernel->has_memory()) return nullptr;
  return kernel;
}

}  // namespace assay::probes::host

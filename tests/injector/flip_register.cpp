// SPDX-License-Identifier: Apache-2.0
// Registers through PTRACE_GETREGSET. x86-64 alone; other machines have no register targets here.
#include <elf.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#include <array>
#include <cstring>
#include <vector>

#include <fmt/format.h>

#include "tests/injector/flip.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <sys/user.h>
#endif

namespace assay::injector {

#if defined(__x86_64__)
namespace {

struct Named {
  const char* name;
  size_t offset;
  uint64_t bits;   // that may be flipped
};
#define ASSAY_REGISTER(name) Named{#name, offsetof(user_regs_struct, name), ~uint64_t{0}}
constexpr uint64_t kFlags = 0xCD5;   // carry, parity, adjust, zero, sign, direction, overflow
constexpr std::array kGeneral = {ASSAY_REGISTER(rax), ASSAY_REGISTER(rbx), ASSAY_REGISTER(rcx), ASSAY_REGISTER(rdx), ASSAY_REGISTER(rsi), ASSAY_REGISTER(rdi),
                                 ASSAY_REGISTER(rbp), ASSAY_REGISTER(rsp), ASSAY_REGISTER(r8),  ASSAY_REGISTER(r9),  ASSAY_REGISTER(r10), ASSAY_REGISTER(r11),
                                 ASSAY_REGISTER(r12), ASSAY_REGISTER(r13), ASSAY_REGISTER(r14), ASSAY_REGISTER(r15), ASSAY_REGISTER(rip),
                                 Named{"flags", offsetof(user_regs_struct, eflags), kFlags}};
#undef ASSAY_REGISTER

// Intel SDM vol. 1, 13.4: the legacy area (x87 at 32, XMM at 160), the header at 512 with XSTATE_BV, components by CPUID leaf 0xD.
constexpr size_t kX87 = 32;
constexpr size_t kXmm = 160;
constexpr size_t kMxcsr = 24;
constexpr size_t kHeader = 512;
constexpr size_t kMaxXstate = 16384;

struct Component {
  const char* name;
  unsigned bit;
  size_t offset;
  size_t size;
};

std::vector<Component> components() {
  std::vector<Component> found = {{"x87", 0, kX87, 128}, {"xmm", 1, kXmm, 256}};
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  if (__get_cpuid_count(0xD, 0, &a, &b, &c, &d) == 0) return found;
  const unsigned enabled = a;
  for (const auto& [name, bit] : std::array<std::pair<const char*, unsigned>, 4>{{{"ymm", 2}, {"mask", 5}, {"zmm", 6}, {"zmm16-31", 7}}}) {
    if ((enabled >> bit & 1) == 0 || __get_cpuid_count(0xD, bit, &a, &b, &c, &d) == 0) continue;
    found.push_back({name, bit, b, a});
  }
  return found;
}

uint64_t pick_bit(uint64_t allowed, Random& random) {
  for (;;) {
    const uint64_t bit = uint64_t{1} << random.below(64);
    if ((bit & allowed) != 0) return bit;
  }
}

bool get_set(pid_t thread, int type, void* data, size_t& size) {
  iovec io{data, size};
  const bool done = ::ptrace(PTRACE_GETREGSET, thread, reinterpret_cast<void*>(static_cast<uintptr_t>(type)), &io) == 0;
  size = io.iov_len;
  return done;
}
bool put_set(pid_t thread, int type, void* data, size_t size) {
  iovec io{data, size};
  return ::ptrace(PTRACE_SETREGSET, thread, reinterpret_cast<void*>(static_cast<uintptr_t>(type)), &io) == 0;
}

std::optional<std::string> flip_general(pid_t thread, Random& random) {
  user_regs_struct registers{};
  size_t size = sizeof registers;
  if (!get_set(thread, NT_PRSTATUS, &registers, size)) return std::nullopt;
  const Named& chosen = kGeneral[random.below(kGeneral.size())];
  uint64_t value = 0;
  auto* const place = reinterpret_cast<char*>(&registers) + chosen.offset;
  std::memcpy(&value, place, sizeof value);
  const uint64_t bit = pick_bit(chosen.bits, random);
  value ^= bit;
  std::memcpy(place, &value, sizeof value);
  if (!put_set(thread, NT_PRSTATUS, &registers, size)) return std::nullopt;
  return fmt::format("{} bit {}", chosen.name, __builtin_ctzll(bit));
}

void flip_byte(std::vector<unsigned char>& area, size_t byte, unsigned bit) { area[byte] = static_cast<unsigned char>(area[byte] ^ 1U << bit); }

std::optional<std::string> flip_extended(pid_t thread, Target target, Random& random) {
  std::vector<unsigned char> area(kMaxXstate);
  size_t size = area.size();
  if (!get_set(thread, NT_X86_XSTATE, area.data(), size)) return std::nullopt;
  std::string what;
  uint64_t in_use = 0;
  std::memcpy(&in_use, &area[kHeader], sizeof in_use);
  if (target == Target::kFpControl) {
    const bool x87 = random.below(4) == 0;
    const uint64_t bit = pick_bit(x87 ? 0xF3F : 0xFFFF, random);
    const auto number = static_cast<unsigned>(__builtin_ctzll(bit));
    flip_byte(area, (x87 ? 0 : kMxcsr) + number / 8, number % 8);
    in_use |= x87 ? 1 : 2;
    what = fmt::format("{} bit {}", x87 ? "x87 control word" : "MXCSR", number);
  } else {
    // Each component alike: by size, almost all flips would meet the upper half of the register file, which few variants use.
    const auto known = components();
    const Component& one = known[random.below(known.size())];
    const uint64_t at = random.below(one.size);
    const auto bit = static_cast<unsigned>(random.below(8));
    if (one.offset + at >= size) return std::nullopt;
    flip_byte(area, one.offset + at, bit);
    in_use |= uint64_t{1} << one.bit;
    what = fmt::format("{} byte {} bit {}", one.name, at, bit);
  }
  std::memcpy(&area[kHeader], &in_use, sizeof in_use);
  if (!put_set(thread, NT_X86_XSTATE, area.data(), size)) return std::nullopt;
  return what;
}

}  // namespace

std::optional<std::string> flip_register(pid_t stopped_thread, Target target, Random& random) {
  return target == Target::kGeneral ? flip_general(stopped_thread, random) : flip_extended(stopped_thread, target, random);
}

uint64_t stack_pointer(pid_t stopped_thread) {
  user_regs_struct registers{};
  size_t size = sizeof registers;
  return get_set(stopped_thread, NT_PRSTATUS, &registers, size) ? registers.rsp : 0;
}
#else
std::optional<std::string> flip_register(pid_t, Target, Random&) { return std::nullopt; }
uint64_t stack_pointer(pid_t) { return 0; }
#endif

}  // namespace assay::injector

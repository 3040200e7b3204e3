// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/host/pinning.h"

#include <pthread.h>
#include <sched.h>

#include <cerrno>
#include <memory>

#include <fmt/format.h>

namespace assay::probes::host {
namespace {

constexpr uint32_t kCpuNumberEnd = 65536;  // far above Linux's largest NR_CPUS (8,192)

struct FreeCpuSet {
  void operator()(cpu_set_t* set) const { CPU_FREE(set); }
};
using CpuSet = std::unique_ptr<cpu_set_t, FreeCpuSet>;

}  // namespace

Status pin_to_cpu(pthread_t thread, uint32_t cpu) {
  if (cpu >= kCpuNumberEnd) return make_error(ErrorCode::kNotFound, fmt::format("cpu {}: out of range", cpu));
  const CpuSet set(CPU_ALLOC(cpu + 1));
  if (!set) return make_error(ErrorCode::kLimit, "cpu set: out of memory");
  const size_t size = CPU_ALLOC_SIZE(cpu + 1);
  CPU_ZERO_S(size, set.get());
  CPU_SET_S(cpu, size, set.get());
  const int refused = ::pthread_setaffinity_np(thread, size, set.get());
  if (refused == 0) return {};
  if (refused != EINVAL) return errno_error(refused, fmt::format("cpu {}", cpu));
  return make_error(ErrorCode::kNotFound, fmt::format("cpu {}: not there, offline or outside the cpuset of this process", cpu));
}

Status pin_to_cpu(uint32_t cpu) {
  TRY(pin_to_cpu(::pthread_self(), cpu));
  if (current_cpu() != cpu) return make_error(ErrorCode::kInternal, fmt::format("cpu {}: the kernel left the thread on cpu {}", cpu, current_cpu()));
  return {};
}

uint32_t current_cpu() { return static_cast<uint32_t>(::sched_getcpu()); }

std::vector<uint32_t> allowed_cpus() {
  const CpuSet set(CPU_ALLOC(kCpuNumberEnd));
  const size_t size = CPU_ALLOC_SIZE(kCpuNumberEnd);
  std::vector<uint32_t> cpus;
  if (!set) return cpus;
  CPU_ZERO_S(size, set.get());
  if (::sched_getaffinity(0, size, set.get()) != 0) return cpus;
  for (uint32_t cpu = 0; cpu < kCpuNumberEnd; ++cpu) {
    if (CPU_ISSET_S(cpu, size, set.get())) cpus.push_back(cpu);
  }
  return cpus;
}

void use_idle_priority() {
  const sched_param parameters{};
  [[maybe_unused]] const int ignored = ::sched_setscheduler(0, SCHED_IDLE, &parameters);
}

void name_thread(const std::string& name) { ::pthread_setname_np(::pthread_self(), name.substr(0, 15).c_str()); }

}  // namespace assay::probes::host

// SPDX-License-Identifier: Apache-2.0
// One action outside the collector that a decision asks for, and one attempt to perform it by running a program.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "common/base/clock.h"
#include "common/base/result.h"

namespace assay::collector {

// What a hook is told, as JSON on its standard input (docs/reference/collector-config.md, "Hooks").
struct HookTask {
  uint64_t decision = 0;            // its number makes the idempotency key "decision-<number>"
  std::string action;               // "drain" or "undrain"
  std::string node;
  std::string device_id;
  std::string incident_id;
  std::string probe;
  std::optional<uint32_t> unit;
  std::string verdict;
  std::string reason;
  bool synthetic = false;           // of a drill: only the drill hook may run
  WallTime at;                      // of the decision
  uint32_t attempts = 0;            // made before
};

// Where the programs are. An empty path means that no such hook is configured.
struct HookSettings {
  std::filesystem::path directory;                    // allow-list: hooks lie directly in it
  std::filesystem::path drain;                        // drains and undrains of real decisions, never of synthetic ones
  std::filesystem::path drill_drain;                  // those of synthetic decisions only
  Duration timeout{std::chrono::seconds{30}};         // of one attempt; the process group is killed then
  Duration first_retry{std::chrono::seconds{1}};      // after the first failure; five times longer after each further one
};

inline constexpr uint32_t kHookAttempts = 5;          // then it has failed, and a person must look

// How long to wait after the given number of failed attempts: first_retry * 5^(attempts - 1), at most ten minutes.
Duration hook_retry_delay(const HookSettings& settings, uint32_t attempts);

std::string hook_key(uint64_t decision);  // "decision-17"
std::string hook_input(const HookTask& task);
// The program for a task; empty when none is configured.
const std::filesystem::path& hook_program_for(const HookSettings& settings, const HookTask& task);

struct HookAttempt {
  bool success = false;
  bool cancelled = false;           // stopped with the daemon: not counted, runs again after the restart
  std::optional<int> exit_code;
  std::string detail;               // one line: the last line of its output, or why it failed
};

// Runs the program once: no shell, no inherited environment (PATH, ASSAY_IDEMPOTENCY_KEY and nothing else), JSON on stdin,
// exit code 0 means done. Blocks up to the timeout; `cancel_fd` readable ends it at once.
HookAttempt run_hook(const HookSettings& settings, const HookTask& task, int cancel_fd);

}  // namespace assay::collector

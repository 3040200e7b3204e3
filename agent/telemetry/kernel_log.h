// SPDX-License-Identifier: Apache-2.0
// Reads the kernel log from where the last reader left off: /dev/kmsg, without a journal. A cursor (boot id and sequence number) is kept by the caller,
// so that a restart neither loses a line nor counts one twice.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/result.h"

namespace assay::agent {

struct KernelRecord {
  uint64_t sequence = 0;
  MonoTime at;                 // of the kernel's own clock since boot, which stands still in suspend
  std::string text;            // the message, without prefix and without the dictionary
  friend bool operator==(const KernelRecord&, const KernelRecord&) = default;
};
// "6,1234,5678901,-;text": priority, sequence, microseconds, flags. kInvalid for anything else.
Result<KernelRecord> parse_kernel_record(std::string_view line);

// The next record that is wanted, in one boot.
struct KernelCursor {
  std::string boot_id;
  uint64_t next = 0;
  friend bool operator==(const KernelCursor&, const KernelCursor&) = default;
};
std::string encode(const KernelCursor& cursor);
std::optional<KernelCursor> decode_kernel_cursor(std::string_view text);

// One thread; never blocks.
class KernelLog {
 public:
  static constexpr size_t kRecordBytes = 8192;   // the kernel's own limit (CONSOLE_EXT_LOG_MAX)

  // Begins at the cursor when it is of this boot, else at the oldest record that the kernel has. kNotFound, kPermission or kUnavailable when
  // it cannot be opened.
  static Result<KernelLog> open(const std::filesystem::path& path, std::string boot_id, std::optional<KernelCursor> cursor);

  // Records that came since the last call, at most `most`; more may be there when that many came.
  std::vector<KernelRecord> read(size_t most);
  const KernelCursor& cursor() const { return cursor_; }
  // Records that were overwritten before they were read, or that made no sense.
  uint64_t lost() const { return lost_; }
  // To poll for reading; -1 when it is a plain file, which is always ready.
  int descriptor() const { return is_device_ ? fd_.get() : -1; }

 private:
  KernelLog(UniqueFd fd, bool is_device, KernelCursor cursor) : fd_(std::move(fd)), is_device_(is_device), cursor_(std::move(cursor)) {}
  bool fill();
  void take(std::string_view line, std::vector<KernelRecord>& into);

  UniqueFd fd_;
  bool is_device_;
  KernelCursor cursor_;
  std::string buffer_;
  uint64_t lost_ = 0;
};

}  // namespace assay::agent

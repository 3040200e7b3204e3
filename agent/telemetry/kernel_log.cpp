// SPDX-License-Identifier: Apache-2.0
#include "agent/telemetry/kernel_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include <fmt/format.h>

#include "common/base/parse.h"

namespace assay::agent {

Result<KernelRecord> parse_kernel_record(std::string_view line) {
  const size_t semicolon = line.find(';');
  const auto fields = split(line.substr(0, semicolon), ',');
  const auto wrong = make_error(ErrorCode::kInvalid, "not a record of the kernel log");
  if (semicolon == std::string_view::npos || fields.size() < 3) return wrong;
  const auto sequence = parse_u64(fields[1]);
  const auto microseconds = parse_u64(fields[2]);
  constexpr uint64_t kCentury = 3'200'000'000'000'000;
  if (!parse_u64(fields[0]).ok() || !sequence.ok() || !microseconds.ok() || *microseconds > kCentury) return wrong;
  return KernelRecord{*sequence, MonoTime(std::chrono::microseconds(*microseconds)), std::string(line.substr(semicolon + 1))};
}

std::string encode(const KernelCursor& cursor) { return fmt::format("{} {}", cursor.boot_id, cursor.next); }

std::optional<KernelCursor> decode_kernel_cursor(std::string_view text) {
  const auto fields = split(text, ' ');
  if (fields.size() != 2 || fields[0].empty()) return std::nullopt;
  const auto next = parse_u64(fields[1]);
  if (!next.ok()) return std::nullopt;
  return KernelCursor{std::string(fields[0]), *next};
}

Result<KernelLog> KernelLog::open(const std::filesystem::path& path, std::string boot_id, std::optional<KernelCursor> cursor) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!fd.valid()) return errno_error(errno, path.string());
  struct stat facts {};
  if (::fstat(fd.get(), &facts) != 0) return errno_error(errno, path.string());
  if (!cursor || cursor->boot_id != boot_id) cursor = KernelCursor{std::move(boot_id), 0};
  return KernelLog(std::move(fd), S_ISCHR(facts.st_mode), std::move(*cursor));
}

// The device gives one record a read and EPIPE when some were overwritten; a file gives what it has. False when there is no more for now.
bool KernelLog::fill() {
  std::array<char, kRecordBytes> chunk{};
  for (;;) {
    const ssize_t got = ::read(fd_.get(), chunk.data(), chunk.size());
    if (got > 0) {
      buffer_.append(chunk.data(), static_cast<size_t>(got));
      return true;
    }
    if (got < 0 && (errno == EPIPE || errno == EINTR)) continue;  // what was overwritten shows as a gap in the numbers
    return false;
  }
}

void KernelLog::take(std::string_view line, std::vector<KernelRecord>& into) {
  if (line.empty() || line.front() == ' ') return;  // the dictionary of the record before
  auto record = parse_kernel_record(line);
  if (!record.ok()) {
    ++lost_;
    return;
  }
  if (record->sequence < cursor_.next) return;
  if (cursor_.next > 0) lost_ += record->sequence - cursor_.next;
  cursor_.next = record->sequence + 1;
  into.push_back(std::move(*record));
}

std::vector<KernelRecord> KernelLog::read(size_t most) {
  std::vector<KernelRecord> records;
  // Records before the cursor cost a read each and give none.
  for (size_t reads = 0; reads < 16 * most && records.size() < most; ++reads) {
    size_t end = buffer_.find('\n');
    if (end == std::string::npos) {
      if (buffer_.size() > 2 * kRecordBytes) {
        buffer_.clear();
        ++lost_;
      }
      if (!fill()) break;
      continue;
    }
    take(std::string_view(buffer_).substr(0, end), records);
    buffer_.erase(0, end + 1);
  }
  return records;
}

}  // namespace assay::agent

// SPDX-License-Identifier: Apache-2.0
#include "ctl/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include "common/base/file.h"

namespace assay::ctl {
namespace {

winsize terminal_size() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return {};
  return size;
}

}  // namespace

SystemConsole::SystemConsole() : out_is_terminal_(::isatty(STDOUT_FILENO) == 1), err_is_terminal_(::isatty(STDERR_FILENO) == 1) {}

void SystemConsole::out(std::string_view text) {
  if (!reader_gone_ && !write_all(STDOUT_FILENO, text).ok()) reader_gone_ = true;
}

void SystemConsole::err(std::string_view text) {
  // Nobody is left to be told when standard error is closed.
  static_cast<void>(write_all(STDERR_FILENO, text).ok());
}

size_t SystemConsole::columns() const { return out_is_terminal_ ? terminal_size().ws_col : 0; }
size_t SystemConsole::rows() const { return out_is_terminal_ ? terminal_size().ws_row : 0; }

}  // namespace assay::ctl

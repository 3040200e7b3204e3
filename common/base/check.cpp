// SPDX-License-Identifier: Apache-2.0
#include "common/base/check.h"

#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>

namespace assay {

void check_failed(const char* condition, const char* file, int line) {
  std::array<char, 12> digits{};
  size_t at = digits.size() - 1;
  digits[at] = '\n';
  for (int rest = line; rest > 0 && at > 0; rest /= 10) digits[--at] = static_cast<char>('0' + rest % 10);
  const auto part = [](const char* text, size_t size) { return iovec{const_cast<char*>(text), size}; };  // NOLINT
  const std::array<iovec, 5> parts{part("check failed: ", 14), part(condition, std::strlen(condition)), part(" at ", 4),
                                   part(file, std::strlen(file)), part(":", 1)};
  [[maybe_unused]] ssize_t written = ::writev(STDERR_FILENO, parts.data(), static_cast<int>(parts.size()));
  written = ::write(STDERR_FILENO, digits.data() + at, digits.size() - at);
  std::abort();
}

}  // namespace assay

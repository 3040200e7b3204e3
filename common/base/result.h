// SPDX-License-Identifier: Apache-2.0
// Result<T>: the value of an operation, or the one-line reason why there is none. Operating errors travel this way;
// bugs are CHECKs (check.h) and findings such as a mismatch are plain data, never errors.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "common/base/check.h"

namespace assay {

// What a caller can do about an error; the words for a person are in Error::message.
enum class ErrorCode {
  kInvalid,           // the input is wrong: fix it, do not retry
  kNotFound,          // the named thing does not exist
  kUnavailable,       // a peer, device or file is out of reach now: retry later
  kTimeout,           // the deadline passed
  kPermission,        // the identity may not do this
  kLimit,             // the input or the resource is over a limit of common/model/limits.h
  kCorrupt,           // stored data does not read back as it was written
  kConflict,          // the state has moved on; read again and decide anew
  kUnsupported,       // this build, machine or version cannot do it
  kInternal,          // a library or the kernel refused something that should work
};

// Stable lower-case name of a code ("unavailable"), used in logs and JSON.
std::string_view to_string(ErrorCode code);

// One line, lower case, no trailing full stop; names the thing, what is wrong and, where there is one, the next step.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;

  // The same error with "context: " in front, for a caller that knows which file, node or key it was about.
  Error in(std::string_view context) const;
};

Error make_error(ErrorCode code, std::string message);
// kNotFound, kPermission, kUnavailable or kInternal by errno value, message "what: strerror text".
Error errno_error(int errno_value, std::string_view what);

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}        // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}    // NOLINT(google-explicit-constructor)

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& value() & { ASSAY_CHECK(ok()); return std::get<0>(state_); }
  const T& value() const& { ASSAY_CHECK(ok()); return std::get<0>(state_); }
  T&& value() && { ASSAY_CHECK(ok()); return std::move(std::get<0>(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  const Error& error() const { ASSAY_CHECK(!ok()); return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  void value() const { ASSAY_CHECK(ok()); }
  const Error& error() const { ASSAY_CHECK(!ok()); return *error_; }

 private:
  std::optional<Error> error_;
};

// The result of an operation that yields nothing but success.
using Status = Result<void>;

}  // namespace assay

// The value of a Result expression; returns its error from the enclosing function when there is none.
#define TRY(expression)                                        \
  __extension__({                                              \
    auto assay_try_result_ = (expression);                     \
    if (!assay_try_result_.ok()) return assay_try_result_.error(); \
    std::move(assay_try_result_).value();                      \
  })

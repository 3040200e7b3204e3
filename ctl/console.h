// SPDX-License-Identifier: Apache-2.0
// Where a command's words go: data on standard output, talk on standard error. The seam between the commands and the terminal.
#pragma once

#include <cstddef>
#include <string_view>

namespace assay::ctl {

// One owner, one thread.
class Console {
 public:
  virtual ~Console() = default;
  virtual void out(std::string_view text) = 0;
  virtual void err(std::string_view text) = 0;
  virtual bool out_is_terminal() const = 0;
  virtual bool err_is_terminal() const = 0;
  // Size of the terminal behind standard output; 0 when it is none.
  virtual size_t columns() const = 0;
  virtual size_t rows() const = 0;
  // True once the reader of standard output has gone (a pipe into head): nothing more needs to be said.
  virtual bool reader_gone() const = 0;
};

// Descriptors 1 and 2 of this process.
class SystemConsole final : public Console {
 public:
  SystemConsole();
  void out(std::string_view text) override;
  void err(std::string_view text) override;
  bool out_is_terminal() const override { return out_is_terminal_; }
  bool err_is_terminal() const override { return err_is_terminal_; }
  size_t columns() const override;
  size_t rows() const override;
  bool reader_gone() const override { return reader_gone_; }

 private:
  bool out_is_terminal_;
  bool err_is_terminal_;
  bool reader_gone_ = false;
};

}  // namespace assay::ctl

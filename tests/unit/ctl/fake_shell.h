// SPDX-License-Identifier: Apache-2.0
// The outside world of assayctl, made up: a console that remembers, a collector that answers from a table, time that passes by waiting.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ctl/command.h"
#include "tests/support/manual_clock.h"

namespace assay::ctl::test {

class FakeConsole final : public Console {
 public:
  void out(std::string_view text) override { written += text; }
  void err(std::string_view text) override { said += text; }
  bool out_is_terminal() const override { return terminal; }
  bool err_is_terminal() const override { return false; }
  size_t columns() const override { return terminal ? width : 0; }
  size_t rows() const override { return terminal ? height : 0; }
  bool reader_gone() const override { return false; }

  std::string written;
  std::string said;
  bool terminal = false;
  size_t width = 120;
  size_t height = 30;
};

// What the collector was asked, and what it answers: by "METHOD target", an absent one is kNotFound. A handler may compute.
struct FakeCollector {
  std::map<std::string, std::string> answers;
  std::map<std::string, Error> errors;
  std::function<void()> before_each;
  std::vector<std::string> asked;     // "METHOD target body"
};

class FakeApi final : public Api {
 public:
  explicit FakeApi(FakeCollector& collector) : collector_(collector) {}
  Result<std::string> call(std::string_view method, const std::string& target, const std::string& body) override {
    if (collector_.before_each) collector_.before_each();
    const std::string key = std::string(method) + " " + target;
    collector_.asked.push_back(body.empty() ? key : key + " " + body);
    if (const auto error = collector_.errors.find(key); error != collector_.errors.end()) return error->second;
    const auto answer = collector_.answers.find(key);
    if (answer == collector_.answers.end()) return make_error(ErrorCode::kNotFound, "no answer for " + key);
    return answer->second;
  }

 private:
  FakeCollector& collector_;
};

// Waiting moves the clock; stops after `most` waits as Ctrl-C would.
class FakePause final : public Pause {
 public:
  explicit FakePause(assay::test::ManualClock& clock) : clock_(clock) {}
  bool wait(Duration length) override {
    clock_.advance(length);
    if (on_wait) on_wait();
    return ++waits < most;
  }
  int waits = 0;
  int most = 1000;
  std::function<void()> on_wait;

 private:
  assay::test::ManualClock& clock_;
};

// A whole shell; run() gives the exit code.
struct FakeShell {
  FakeShell() {
    shell.environment = {{"HOME", "/nowhere"}, {"ASSAY_TOKEN", "a token"}};
    shell.connect = [this](const Settings&) -> Result<std::unique_ptr<Api>> {
      return std::unique_ptr<Api>(std::make_unique<FakeApi>(collector));
    };
  }
  int run(const std::vector<std::string>& arguments) { return run_command_line(arguments, shell); }

  FakeConsole console;
  assay::test::ManualClock clock;   // begins at 1,800,000,000 s
  FakePause pause{clock};
  FakeCollector collector;
  Shell shell{.console = console, .clock = clock, .pause = pause, .environment = {}, .program = "/nowhere/bin/assayctl"};
};

}  // namespace assay::ctl::test

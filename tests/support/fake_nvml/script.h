// SPDX-License-Identifier: Apache-2.0
// The script of the fake NVML: what its GPUs say, from when on, and which calls fail or hang. README.md has the language.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace assay::test::nvml {

// One line that holds now; of several about the same thing the last one counts.
struct Line {
  std::string verb;                  // "set", "field", "error", "hang", "xid", "driver", "devices", "crash"
  std::optional<uint32_t> gpu;       // absent: all of them
  std::string key;
  std::string value;
};

class Script {
 public:
  // The file that ASSAY_FAKE_NVML_SCRIPT names, as it is now; without one there is one GPU that says nothing special. Lines that say "at SECONDS" count from
  // the time the file was written. Bad lines are left out, with a message on stderr.
  static Script load();

  uint32_t devices() const;
  std::string text(const char* verb, const std::string& otherwise) const;
  std::optional<std::string> find(const std::string& verb, uint32_t gpu, const std::string& key) const;
  // A number, or "A..B/S": from A to B and back again, in S seconds each way.
  std::optional<double> number(const std::string& verb, uint32_t gpu, const std::string& key) const;
  std::vector<Line> all(const std::string& verb) const;

 private:
  std::vector<Line> lines_;
  double age_s_ = 0;
};

}  // namespace assay::test::nvml

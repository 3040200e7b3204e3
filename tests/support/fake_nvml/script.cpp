// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_nvml/script.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "common/base/file.h"
#include "common/base/parse.h"

namespace assay::test::nvml {
namespace {

double age_of(const char* path) {
  struct stat facts {};
  if (::stat(path, &facts) != 0) return 0;
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<double>(now.tv_sec - facts.st_mtim.tv_sec) + static_cast<double>(now.tv_nsec - facts.st_mtim.tv_nsec) * 1e-9;
}

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  for (const std::string_view word : split(line.substr(0, line.find('#')), ' ')) {
    if (!word.empty()) words.emplace_back(word);
  }
  return words;
}

bool takes_gpu(const std::string& verb) { return verb == "set" || verb == "field" || verb == "error" || verb == "hang" || verb == "crash" || verb == "xid"; }

}  // namespace

Script Script::load() {
  Script script;
  const char* path = std::getenv("ASSAY_FAKE_NVML_SCRIPT");
  const auto text = path != nullptr ? read_file(path, 1 << 20) : Result<std::string>(std::string());
  if (!text.ok()) return script;
  script.age_s_ = path != nullptr ? age_of(path) : 0;
  for (const std::string_view raw : split(*text, '\n')) {
    auto words = words_of(raw);
    if (words.size() > 2 && words[0] == "at") {
      const auto from = parse_f64(words[1]);
      if (!from.ok() || script.age_s_ < *from) continue;
      words.erase(words.begin(), words.begin() + 2);
    }
    if (words.empty()) continue;
    Line line;
    line.verb = words[0];
    size_t next = 1;
    if (takes_gpu(line.verb) && words.size() > 1) {
      if (const auto gpu = parse_u64(words[next]); gpu.ok()) line.gpu = static_cast<uint32_t>(*gpu);
      ++next;  // a number, or "*"
    }
    if (takes_gpu(line.verb) && next < words.size()) line.key = words[next++];
    for (; next < words.size(); ++next) line.value += (line.value.empty() ? "" : " ") + words[next];
    script.lines_.push_back(std::move(line));
  }
  return script;
}

uint32_t Script::devices() const {
  const auto count = parse_u64(text("devices", "1"));
  return count.ok() ? static_cast<uint32_t>(std::min<uint64_t>(*count, 64)) : 1;
}

std::string Script::text(const char* verb, const std::string& otherwise) const {
  std::string found = otherwise;
  for (const Line& line : lines_) {
    if (line.verb == verb) found = line.value;
  }
  return found;
}

std::optional<std::string> Script::find(const std::string& verb, uint32_t gpu, const std::string& key) const {
  std::optional<std::string> found;
  for (const Line& line : lines_) {
    if (line.verb == verb && line.key == key && line.gpu.value_or(gpu) == gpu) found = line.value;
  }
  return found;
}

std::optional<double> Script::number(const std::string& verb, uint32_t gpu, const std::string& key) const {
  const auto value = find(verb, gpu, key);
  if (!value) return std::nullopt;
  const size_t dots = value->find("..");
  const size_t slash = value->find('/');
  if (dots == std::string::npos || slash == std::string::npos) {
    const auto plain = parse_f64(*value);
    return plain.ok() ? std::optional(*plain) : std::nullopt;
  }
  const auto from = parse_f64(value->substr(0, dots));
  const auto to = parse_f64(value->substr(dots + 2, slash - dots - 2));
  const auto span = parse_f64(value->substr(slash + 1));
  if (!from.ok() || !to.ok() || !span.ok() || *span <= 0) return std::nullopt;
  const double phase = std::fmod(age_s_ / *span, 2.0);
  return *from + (*to - *from) * (phase < 1 ? phase : 2 - phase);
}

std::vector<Line> Script::all(const std::string& verb) const {
  std::vector<Line> found;
  std::ranges::copy_if(lines_, std::back_inserter(found), [&](const Line& line) { return line.verb == verb; });
  return found;
}

}  // namespace assay::test::nvml

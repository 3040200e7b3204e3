// SPDX-License-Identifier: Apache-2.0
#include "probes/backend/opencl/program_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace assay::probes::opencl {
namespace {

constexpr std::string_view kPrograms = "probes/backend/device/programs/";
constexpr std::string_view kEntryLine = "#include ASSAY_ENTRY";
constexpr int kDepth = 8;   // of includes in includes

std::string in_programs(std::string_view file) { return std::string(kPrograms) + std::string(file); }

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

// The path of `#include "path"`; "" for other lines.
std::string_view included(std::string_view line) {
  constexpr std::string_view kInclude = "#include \"";
  if (!line.starts_with(kInclude)) return {};
  line.remove_prefix(kInclude.size());
  return line.substr(0, line.find('"'));
}

class Expander {
 public:
  explicit Expander(std::span<const SourceFile> files) : files_(files) {}

  // `#line` keeps the driver's messages readable.
  Result<std::string> file(std::string_view path, int depth = 0) const {
    const auto found = std::ranges::find(files_, path, &SourceFile::path);
    if (found == files_.end() || depth > kDepth) {
      return make_error(ErrorCode::kInternal, fmt::format("OpenCL programs: {} is not embedded, or includes itself: see probes/backend/opencl", path));
    }
    return lines(path, lines_of(found->text), 1, depth);
  }

  Result<std::string> lines(std::string_view path, std::span<const std::string_view> lines, size_t first_number, int depth) const {
    std::string text = fmt::format("#line {} \"{}\"\n", first_number, path);
    for (size_t i = 0; i < lines.size(); ++i) {
      const std::string_view inner = lines[i] == kEntryLine ? std::string_view("probes/backend/opencl/kernel_entry.inl") : included(lines[i]);
      if (inner.empty()) {
        text += fmt::format("{}\n", lines[i]);
      } else {
        text += TRY(file(inner, depth + 1));
        text += fmt::format("#line {} \"{}\"\n", first_number + i + 1, path);
      }
    }
    return text;
  }

 private:
  std::span<const SourceFile> files_;
};

// The lines of all.inl that end with the taking back of each program's names.
struct Block {
  size_t first = 0;
  size_t count = 0;
};
std::vector<Block> blocks_of(std::span<const std::string_view> lines) {
  std::vector<Block> blocks;
  size_t first = 0;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (included(lines[i]) != in_programs("end_program.inl")) continue;
    blocks.push_back({first, i + 1 - first});
    first = i + 1;
  }
  return blocks;
}

// What comes before the frame of a block: the program itself.
Result<std::string> own_text(const Expander& expander, std::string_view path, std::span<const std::string_view> lines, size_t first_number) {
  const auto frame = std::ranges::find(lines, in_programs("team_run.inl"), included);
  return expander.lines(path, lines.first(static_cast<size_t>(frame - lines.begin())), first_number, 0);
}

bool defines(std::string_view text, std::string_view name) { return text.find(fmt::format("#define ASSAY_PROGRAM {}\n", name)) != std::string_view::npos; }

}  // namespace

Result<ProgramSource> program_source(std::string_view name, std::span<const SourceFile> files) {
  const Expander expander(files);
  const std::string all_path = in_programs("all.inl");
  const auto all = std::ranges::find(files, std::string_view(all_path), &SourceFile::path);
  if (all == files.end()) return make_error(ErrorCode::kInternal, fmt::format("OpenCL programs: {} is not embedded", all_path));
  const std::vector<std::string_view> lines = lines_of(all->text);
  for (const Block& block : blocks_of(lines)) {
    const std::span<const std::string_view> own = std::span(lines).subspan(block.first, block.count);
    ProgramSource source;
    source.program = TRY(own_text(expander, all_path, own, block.first + 1));
    if (!defines(source.program, name)) continue;
    source.text = TRY(expander.file("probes/backend/opencl/dialect.inl"));
    for (const std::string_view part : {"digest.inl", "inject.inl", "frame.inl"}) source.text += TRY(expander.file(in_programs(part)));
    // PoCL renames built-in functions by macros, and `shuffle` is a program here and a function there.
    source.text += fmt::format("#undef {}\n", name);
    source.text += TRY(expander.lines(all_path, own, block.first + 1, 0));
    return source;
  }
  return make_error(ErrorCode::kNotFound, fmt::format("OpenCL programs: there is no program {}", name));
}

}  // namespace assay::probes::opencl

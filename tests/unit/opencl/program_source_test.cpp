// SPDX-License-Identifier: Apache-2.0
// The texts that drivers compile: whole, one program each, and found by name.
#include "probes/backend/opencl/program_source.h"

#include <array>
#include <string>

#include "probes/backend/device/portable.h"

namespace assay::probes::opencl {
namespace {

size_t count(std::string_view text, std::string_view what) {
  size_t found = 0;
  for (size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

TEST(OpenclSource, IsWholeForEveryProgram) {
  for (const device::Program& program : device::programs()) {
    const Result<ProgramSource> source = program_source(program.shape.name);
    ASSERT_TRUE(source.ok()) << source.error().message;
    EXPECT_EQ(count(source->text, "\n#include \""), 0U) << program.shape.name;
    EXPECT_EQ(count(source->text, "\n#define ASSAY_PROGRAM "), 1U) << program.shape.name;
    EXPECT_EQ(count(source->text, "\n#undef " + std::string(program.shape.name) + "\n"), 1U) << program.shape.name;
    EXPECT_EQ(count(source->text, "__kernel "), 1U) << program.shape.name;
    EXPECT_NE(source->text.find(source->program.substr(source->program.find("#define ASSAY_PROGRAM"))), std::string::npos) << program.shape.name;
    EXPECT_EQ(source->program.find("__kernel "), std::string::npos) << program.shape.name;
  }
}

TEST(OpenclSource, KnowsNoOtherName) {
  EXPECT_EQ(program_source("fma").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(program_source("").error().code, ErrorCode::kNotFound);
}

TEST(OpenclSource, KeepsTheNumbersOfLines) {
  constexpr std::array kFiles = {
      SourceFile{"probes/backend/device/programs/all.inl",
                 "// all\n#include \"p.inl\"\n#include \"probes/backend/device/programs/team_run.inl\"\n#include ASSAY_ENTRY\n"
                 "#include \"probes/backend/device/programs/end_program.inl\"\n"},
      SourceFile{"p.inl", "#define ASSAY_PROGRAM p\nint p;"},
      SourceFile{"probes/backend/device/programs/team_run.inl", "frame"},
      SourceFile{"probes/backend/device/programs/end_program.inl", "end"},
      SourceFile{"probes/backend/device/programs/digest.inl", "digest"},
      SourceFile{"probes/backend/device/programs/inject.inl", "inject"},
      SourceFile{"probes/backend/device/programs/frame.inl", "words"},
      SourceFile{"probes/backend/opencl/dialect.inl", "dialect"},
      SourceFile{"probes/backend/opencl/kernel_entry.inl", "entry"},
  };
  const ProgramSource source = program_source("p", kFiles).value();
  EXPECT_NE(source.text.find("// all\n#line 1 \"p.inl\"\n#define ASSAY_PROGRAM p\nint p;\n#line 3 \"probes/backend/device/programs/all.inl\"\n"), std::string::npos)
      << source.text;
  EXPECT_LT(source.text.find("dialect"), source.text.find("digest"));
  EXPECT_LT(source.text.find("\nframe\n"), source.text.find("\nentry\n"));
  EXPECT_EQ(program_source("p", std::span(kFiles).first(8)).error().code, ErrorCode::kInternal);
  EXPECT_EQ(program_source("p", std::span(kFiles).last(8)).error().message, "OpenCL programs: probes/backend/device/programs/all.inl is not embedded");
}

}  // namespace
}  // namespace assay::probes::opencl

# SPDX-License-Identifier: Apache-2.0
# Writes OUT, a C++ file with the text of FILES (relative to ROOT) as the table of program_source.h. Run by the build: cmake -DOUT= -DROOT= -DFILES= -P.
set(_rows "")
foreach(_file IN LISTS FILES)
  file(READ "${ROOT}/${_file}" _text)
  string(APPEND _rows "    {\"${_file}\", R\"assay_text(${_text})assay_text\"},\n")
endforeach()
file(WRITE "${OUT}" "// Made by embed_sources.cmake.
#include \"probes/backend/opencl/program_source.h\"

namespace assay::probes::opencl {
namespace {

constexpr SourceFile kFiles[] = {
${_rows}};

}  // namespace

std::span<const SourceFile> source_files() { return kFiles; }

}  // namespace assay::probes::opencl
")

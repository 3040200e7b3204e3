# SPDX-License-Identifier: Apache-2.0
# One precompiled header of the standard library and fmt for every target of ours: half of the time of a file went into parsing these. Nobody
# may rely on it: the lint preset compiles without (ASSAY_PCH=OFF), so every file still includes what it uses.
include_guard(GLOBAL)
option(ASSAY_PCH "precompile the standard headers" ON)

# g++ 12 no longer knows a system header by its place once it is precompiled, and then warns of the library's own inlined code (GCC bugs 105329, 105593).
if(ASSAY_PCH)
  target_compile_options(assay_options INTERFACE
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized;-Wno-stringop-overflow;-Wno-stringop-overread;-Wno-array-bounds>)
endif()

set(ASSAY_PCH_HEADERS <algorithm> <array> <atomic> <chrono> <condition_variable> <cstdint> <filesystem> <functional> <map> <memory> <mutex> <optional>
  <set> <span> <string> <string_view> <thread> <utility> <variant> <vector> <fmt/format.h>)

# assay_precompiled_header(NAME): compiles it with the options of the directory that calls; targets of the directory and below use it.
macro(assay_precompiled_header name)
  if(ASSAY_PCH)
    file(WRITE "${CMAKE_BINARY_DIR}/generated/${name}.cpp.in" "// SPDX-License-Identifier: Apache-2.0\n")
    configure_file("${CMAKE_BINARY_DIR}/generated/${name}.cpp.in" "${CMAKE_BINARY_DIR}/generated/${name}.cpp" COPYONLY)
    add_library(${name} OBJECT "${CMAKE_BINARY_DIR}/generated/${name}.cpp")
    target_link_libraries(${name} PRIVATE assay_options fmt::fmt)
    target_precompile_headers(${name} PRIVATE ${ASSAY_PCH_HEADERS})
    set(ASSAY_PCH_TARGET ${name})
  endif()
endmacro()

# Has a target use it, but for files with options of their own: a header compiled with other options does not fit them.
function(assay_use_precompiled_header target)
  if(NOT ASSAY_PCH OR NOT ASSAY_PCH_TARGET)
    return()
  endif()
  get_target_property(_sources ${target} SOURCES)
  foreach(_source IN LISTS _sources)
    get_source_file_property(_options "${_source}" COMPILE_OPTIONS)
    if(_options)
      set_source_files_properties("${_source}" PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
    endif()
  endforeach()
  target_precompile_headers(${target} REUSE_FROM ${ASSAY_PCH_TARGET})
endfunction()

# SPDX-License-Identifier: Apache-2.0
# assay_library, assay_program and assay_test: every target of ours is declared through one of these.
#
#   assay_library(NAME SOURCES a.cpp b.cpp DEPS assay_base fmt::fmt)
#   assay_program(NAME SOURCES main.cpp DEPS ...)             goes to <build>/bin and is installed to CMAKE_INSTALL_BINDIR
#   assay_test(NAME TIER unit SOURCES x_test.cpp DEPS ...)    one GoogleTest binary, one ctest entry, labelled with its tier; those with a longer
#                                                             timeout start first, so that none of them is left alone at the end
#   assay_bench(bench_x SOURCES x_bench.cpp DEPS ...)         goes to <build>/bench; ./dev bench x runs it; built by assay_benches
#   assay_fuzz(fuzz_x SOURCES x_fuzz.cpp DEPS ...)            LLVMFuzzerTestOneInput: a fuzzer in <build>/fuzz under the fuzz preset (built by
#                                                             assay_fuzzers), elsewhere a unit test over tests/fuzz/corpus/x
include_guard(GLOBAL)

# End-to-end tests start programs from here; the dev preset points it to the release build, whose times and sizes are what is promised.
set(ASSAY_E2E_BIN_DIR "${CMAKE_BINARY_DIR}/bin" CACHE PATH "programs that end-to-end tests start")
# The folder of that other build; "" where they are this build's own.
set(ASSAY_OTHER_BUILD "")
if(ASSAY_E2E_BIN_DIR AND NOT ASSAY_E2E_BIN_DIR STREQUAL "${CMAKE_BINARY_DIR}/bin")
  cmake_path(GET ASSAY_E2E_BIN_DIR PARENT_PATH ASSAY_OTHER_BUILD)
endif()
add_custom_target(assay_tests)  # what ctest starts from this build
add_custom_target(assay_benches)
add_custom_target(assay_fuzzers)

function(assay_library name)
  cmake_parse_arguments(A "" "" "SOURCES;DEPS;PRIVATE_DEPS" ${ARGN})
  add_library(${name} STATIC ${A_SOURCES})
  target_link_libraries(${name} PUBLIC assay_options ${A_DEPS} PRIVATE ${A_PRIVATE_DEPS})
  assay_use_precompiled_header(${name})
endfunction()

function(assay_program name)
  cmake_parse_arguments(A "NO_INSTALL" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${A_SOURCES})
  target_link_libraries(${name} PRIVATE assay_options ${A_DEPS})
  assay_use_precompiled_header(${name})
  if(NOT A_NO_INSTALL)
    install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endfunction()

function(assay_test name)
  cmake_parse_arguments(A "" "TIER;TIMEOUT_S" "SOURCES;DEPS;ENV" ${ARGN})
  if(NOT A_TIMEOUT_S)
    set(A_TIMEOUT_S 120)
  endif()
  add_executable(${name} ${A_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  target_link_libraries(${name} PRIVATE assay_options ${A_DEPS} assay_test_main)
  target_precompile_headers(${name} REUSE_FROM assay_test_main)
  set(_bin_dir "${CMAKE_BINARY_DIR}/bin")
  if(A_TIER STREQUAL "e2e")
    set(_bin_dir "${ASSAY_E2E_BIN_DIR}")
  endif()
  add_dependencies(assay_tests ${name})
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${A_TIER}" TIMEOUT ${A_TIMEOUT_S} COST ${A_TIMEOUT_S}
    ENVIRONMENT "ASSAY_BIN_DIR=${_bin_dir};ASSAY_SOURCE_DIR=${CMAKE_SOURCE_DIR};${A_ENV}"
    SKIP_REGULAR_EXPRESSION "ALL TESTS SKIPPED")
  if(A_TIER STREQUAL "e2e")
    set_tests_properties(${name} PROPERTIES RESOURCE_LOCK e2e)
  endif()
endfunction()

function(assay_bench name)
  cmake_parse_arguments(A "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} EXCLUDE_FROM_ALL ${A_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bench")
  target_link_libraries(${name} PRIVATE assay_options ${A_DEPS})
  add_dependencies(assay_benches ${name})
endfunction()

function(assay_fuzz name)
  cmake_parse_arguments(A "" "" "SOURCES;DEPS" ${ARGN})
  string(REGEX REPLACE "^fuzz_" "" _corpus "${name}")
  set(_corpus "${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${_corpus}")
  if(ASSAY_SANITIZE STREQUAL "fuzzer")
    add_executable(${name} EXCLUDE_FROM_ALL ${A_SOURCES})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/fuzz")
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    add_dependencies(assay_fuzzers ${name})
  else()
    add_executable(${name} "${CMAKE_SOURCE_DIR}/tests/fuzz/replay_main.cpp" ${A_SOURCES})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
    add_dependencies(assay_tests ${name})
    add_test(NAME ${name}_corpus COMMAND ${name} "${_corpus}")
    set_tests_properties(${name}_corpus PROPERTIES LABELS unit TIMEOUT 60)
  endif()
  target_link_libraries(${name} PRIVATE assay_options ${A_DEPS})
endfunction()

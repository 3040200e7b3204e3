# SPDX-License-Identifier: Apache-2.0
# assay_library, assay_program and assay_test: every target of ours is declared through one of these.
#
#   assay_library(NAME SOURCES a.cpp b.cpp DEPS assay_base fmt::fmt)
#   assay_program(NAME SOURCES main.cpp DEPS ...)             goes to <build>/bin and is installed to CMAKE_INSTALL_BINDIR
#   assay_test(NAME TIER unit SOURCES x_test.cpp DEPS ...)    one GoogleTest binary, one ctest entry, labelled with its tier
include_guard(GLOBAL)

function(assay_library name)
  cmake_parse_arguments(A "" "" "SOURCES;DEPS;PRIVATE_DEPS" ${ARGN})
  add_library(${name} STATIC ${A_SOURCES})
  target_link_libraries(${name} PUBLIC assay_options ${A_DEPS} PRIVATE ${A_PRIVATE_DEPS})
endfunction()

function(assay_program name)
  cmake_parse_arguments(A "NO_INSTALL" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${A_SOURCES})
  target_link_libraries(${name} PRIVATE assay_options ${A_DEPS})
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
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${A_TIER}" TIMEOUT ${A_TIMEOUT_S}
    ENVIRONMENT "ASSAY_BIN_DIR=${CMAKE_BINARY_DIR}/bin;ASSAY_SOURCE_DIR=${CMAKE_SOURCE_DIR};${A_ENV}"
    SKIP_REGULAR_EXPRESSION "ALL TESTS SKIPPED")
endfunction()

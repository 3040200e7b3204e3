# SPDX-License-Identifier: Apache-2.0
# ASSAY_SANITIZE: "", "address" (ASan + UBSan), "thread" or "fuzzer"; ASSAY_COVERAGE: gcov counters.
set(ASSAY_SANITIZE "" CACHE STRING "address, thread, fuzzer or empty")
option(ASSAY_COVERAGE "instrument for gcov" OFF)
if(ASSAY_SANITIZE STREQUAL "address")
  # UBSan's three checks of every access cost a third of the compiler's time and of the tests'; of these, ASan sees null pointers and objects that are too
  # small, and the fuzzers below, which feed the parsers, keep all three.
  set(_assay_san -fsanitize=address,undefined -fno-sanitize=null,object-size,alignment -fno-sanitize-recover=all -fno-omit-frame-pointer)
elseif(ASSAY_SANITIZE STREQUAL "thread")
  set(_assay_san -fsanitize=thread -fno-omit-frame-pointer)
elseif(ASSAY_SANITIZE STREQUAL "fuzzer")
  set(_assay_san -fsanitize=address,undefined,fuzzer-no-link -fno-omit-frame-pointer)
elseif(NOT ASSAY_SANITIZE STREQUAL "")
  message(FATAL_ERROR "ASSAY_SANITIZE=${ASSAY_SANITIZE}: use address, thread, fuzzer or leave it empty")
endif()
target_compile_options(assay_options INTERFACE ${_assay_san})
target_link_options(assay_options INTERFACE ${_assay_san})
if(ASSAY_COVERAGE)
  target_compile_options(assay_options INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(assay_options INTERFACE --coverage)
endif()

# SPDX-License-Identifier: Apache-2.0
# The public key that golden sets must be signed with is compiled into the programs: generated/golden_key.h.
file(STRINGS "${CMAKE_SOURCE_DIR}/probes/goldens/signing_key.pub" ASSAY_GOLDEN_KEY_HEX LIMIT_COUNT 1 REGEX "^[0-9a-f]+$")
string(LENGTH "${ASSAY_GOLDEN_KEY_HEX}" _length)
if(NOT _length EQUAL 64)
  message(FATAL_ERROR "probes/goldens/signing_key.pub: one line of 64 hexadecimal digits is wanted (an Ed25519 public key)")
endif()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/probes/goldens/signing_key.pub")
configure_file("${CMAKE_SOURCE_DIR}/cmake/golden_key.h.in" "${CMAKE_BINARY_DIR}/generated/golden_key.h" @ONLY)

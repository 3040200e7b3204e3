# SPDX-License-Identifier: Apache-2.0
# VERSION is the one place the release number is written; programs get it from generated/assay_version.h.
configure_file("${CMAKE_SOURCE_DIR}/cmake/assay_version.h.in" "${CMAKE_BINARY_DIR}/generated/assay_version.h" @ONLY)

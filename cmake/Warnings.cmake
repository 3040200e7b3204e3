# SPDX-License-Identifier: Apache-2.0
# The language level and the warnings every target of ours is compiled with.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
# Every object is position-independent with hidden names, so that programs and plugins link the same ones and one precompiled header fits all.
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)
option(ASSAY_WERROR "warnings are errors" OFF)

add_library(assay_options INTERFACE)
target_include_directories(assay_options INTERFACE "${CMAKE_SOURCE_DIR}" "${CMAKE_BINARY_DIR}/generated")
target_compile_options(assay_options INTERFACE
  -fPIC -fvisibility=hidden -fvisibility-inlines-hidden -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-psabi
  -ffp-contract=off -fno-fast-math -fstack-protector-strong
  # g++ 12 sees overlap where std::string assigns a literal (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  # libstdc++ 12 itself uses what it deprecates, in std::stable_sort.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>
  $<$<BOOL:${ASSAY_WERROR}>:-Werror>)
if(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  target_compile_definitions(assay_options INTERFACE _FORTIFY_SOURCE=2)
endif()
target_link_options(assay_options INTERFACE $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-pie> -Wl,-z,relro,-z,now -Wl,--as-needed)

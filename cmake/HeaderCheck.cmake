# SPDX-License-Identifier: Apache-2.0
# ASSAY_HEADER_CHECK: compiles every header of ours alone, so that none leans on what its includer happened to include before. Included last,
# when all targets exist.
option(ASSAY_HEADER_CHECK "compile every header on its own" OFF)
if(NOT ASSAY_HEADER_CHECK)
  return()
endif()
set(_folders common probes)
if(NOT ASSAY_PROBES_ONLY)
  list(APPEND _folders agent collector ctl)
endif()
set(_units)
foreach(_folder IN LISTS _folders)
  file(GLOB_RECURSE _headers CONFIGURE_DEPENDS RELATIVE "${CMAKE_SOURCE_DIR}" "${CMAKE_SOURCE_DIR}/${_folder}/*.h")
  foreach(_header IN LISTS _headers)
    set(_unit "${CMAKE_BINARY_DIR}/header_check/${_header}.cpp")
    # Twice: the guard has to hold.
    file(CONFIGURE OUTPUT "${_unit}" CONTENT "#include \"${_header}\"\n#include \"${_header}\"\n")
    list(APPEND _units "${_unit}")
  endforeach()
endforeach()
add_library(assay_header_check OBJECT ${_units})
set_target_properties(assay_header_check PROPERTIES CXX_CLANG_TIDY "")
target_link_libraries(assay_header_check PRIVATE assay_options)
# A header of common/wire may show what protobuf generates; the generated file must be there first.
if(TARGET assay_wire_proto)
  target_link_libraries(assay_header_check PRIVATE assay_wire_proto)
endif()

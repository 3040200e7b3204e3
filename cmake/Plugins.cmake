# SPDX-License-Identifier: Apache-2.0
# assay_plugin(NAME [NO_INSTALL] SOURCES ... DEPS assay_probes_x): a backend library that is opened at run time. It is linked from the same static
# libraries as the programs, exports assay_backend() alone (probes/backend/device/accelerator.h) and needs no symbol of the program that opens it.
include_guard(GLOBAL)

set(ASSAY_PLUGIN_DIR "${CMAKE_BINARY_DIR}/lib")
add_custom_target(assay_backends)  # all of them, and what proves them (tests/cuda)

# A build whose end-to-end tests start the programs of another build has that one's backends too: here they are tested as static libraries.
if(ASSAY_OTHER_BUILD)
  file(REMOVE_RECURSE "${ASSAY_PLUGIN_DIR}")
  file(CREATE_LINK "${ASSAY_OTHER_BUILD}/lib" "${ASSAY_PLUGIN_DIR}" SYMBOLIC)
endif()

function(assay_plugin name)
  cmake_parse_arguments(A "NO_INSTALL" "" "SOURCES;DEPS" ${ARGN})
  if(ASSAY_OTHER_BUILD)
    add_custom_target(${name})
    return()
  endif()
  add_library(${name} MODULE ${A_SOURCES})
  set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY "${ASSAY_PLUGIN_DIR}" OUTPUT_NAME "${name}" LINK_DEPENDS "${CMAKE_SOURCE_DIR}/cmake/backend_library.map")
  target_link_libraries(${name} PRIVATE assay_options ${A_DEPS} Threads::Threads ${CMAKE_DL_LIBS})
  target_link_options(${name} PRIVATE "-Wl,--version-script=${CMAKE_SOURCE_DIR}/cmake/backend_library.map")
  add_dependencies(assay_backends ${name})
  if(NOT A_NO_INSTALL)
    install(TARGETS ${name} LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}/assay")
  endif()
endfunction()

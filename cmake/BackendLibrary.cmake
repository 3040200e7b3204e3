# SPDX-License-Identifier: Apache-2.0
# assay_backend_library(NAME SOURCES a.cpp b.cpp OF assay_base assay_model): a shared library libNAME.so that exports assay_backend() alone
# (probes/backend/device/accelerator.h), built to <build>/lib and installed where the runner looks. The sources of the libraries named after OF are
# compiled into it once more, position-independent: ours are static and made for executables (Warnings.cmake).
include_guard(GLOBAL)

function(assay_backend_library name)
  cmake_parse_arguments(A "" "" "SOURCES;OF;DEPS" ${ARGN})
  set(_sources ${A_SOURCES})
  foreach(_library IN LISTS A_OF)
    get_target_property(_folder ${_library} SOURCE_DIR)
    get_target_property(_files ${_library} SOURCES)
    foreach(_file IN LISTS _files)
      cmake_path(ABSOLUTE_PATH _file BASE_DIRECTORY "${_folder}")
      list(APPEND _sources "${_file}")
    endforeach()
  endforeach()
  add_library(${name} MODULE ${_sources})
  set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib" CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS "${CMAKE_SOURCE_DIR}/cmake/backend_library.map")
  find_package(fmt REQUIRED)
  find_package(Threads REQUIRED)
  target_include_directories(${name} PRIVATE $<TARGET_PROPERTY:assay_options,INTERFACE_INCLUDE_DIRECTORIES>)
  target_compile_options(${name} PRIVATE $<TARGET_PROPERTY:assay_options,INTERFACE_COMPILE_OPTIONS> -fPIC)
  target_link_libraries(${name} PRIVATE fmt::fmt Threads::Threads ${CMAKE_DL_LIBS} ${A_DEPS})
  target_link_options(${name} PRIVATE ${_assay_san} -Wl,-z,relro,-z,now -Wl,--as-needed "-Wl,--version-script=${CMAKE_SOURCE_DIR}/cmake/backend_library.map")
  install(TARGETS ${name} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/assay)
endfunction()

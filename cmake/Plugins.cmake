# SPDX-License-Identifier: Apache-2.0
# assay_plugin(NAME SOURCES ... TARGETS assay_base assay_model ...): a backend library that is opened at run time. Everything of ours in it is compiled
# again as position-independent code with hidden names, from the sources of the static libraries TARGETS; it exports assay_backend() alone
# (probes/backend/device/accelerator.h) and needs no symbol of the program that opens it.
include_guard(GLOBAL)

set(ASSAY_PLUGIN_DIR "${CMAKE_BINARY_DIR}/lib")

# <target>_pic, once.
function(_assay_pic target)
  if(TARGET ${target}_pic)
    return()
  endif()
  get_target_property(sources ${target} SOURCES)
  get_target_property(folder ${target} SOURCE_DIR)
  set(absolute "")
  foreach(source IN LISTS sources)
    if(IS_ABSOLUTE "${source}")
      list(APPEND absolute "${source}")
    else()
      list(APPEND absolute "${folder}/${source}")
    endif()
  endforeach()
  add_library(${target}_pic OBJECT EXCLUDE_FROM_ALL ${absolute})
  target_include_directories(${target}_pic PRIVATE $<TARGET_PROPERTY:${target},INCLUDE_DIRECTORIES>)
  target_compile_definitions(${target}_pic PRIVATE $<TARGET_PROPERTY:${target},COMPILE_DEFINITIONS>)
  target_compile_options(${target}_pic PRIVATE $<TARGET_PROPERTY:${target},COMPILE_OPTIONS> -fPIC -fvisibility=hidden -fvisibility-inlines-hidden -O2)
endfunction()

function(assay_plugin name)
  cmake_parse_arguments(A "" "" "SOURCES;TARGETS" ${ARGN})
  add_library(${name} MODULE ${A_SOURCES})
  foreach(target IN LISTS A_TARGETS)
    _assay_pic(${target})
    target_sources(${name} PRIVATE $<TARGET_OBJECTS:${target}_pic>)
  endforeach()
  set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY "${ASSAY_PLUGIN_DIR}" OUTPUT_NAME "${name}" LINK_DEPENDS "${CMAKE_SOURCE_DIR}/cmake/backend_library.map")
  target_include_directories(${name} PRIVATE $<TARGET_PROPERTY:assay_options,INTERFACE_INCLUDE_DIRECTORIES>)
  target_compile_definitions(${name} PRIVATE $<TARGET_PROPERTY:assay_options,INTERFACE_COMPILE_DEFINITIONS>)
  target_compile_options(${name} PRIVATE $<TARGET_PROPERTY:assay_options,INTERFACE_COMPILE_OPTIONS> -fPIC -fvisibility=hidden -fvisibility-inlines-hidden)
  target_link_libraries(${name} PRIVATE fmt::fmt Threads::Threads ${CMAKE_DL_LIBS})
  target_link_options(${name} PRIVATE -Wl,-z,relro,-z,now -Wl,--as-needed "-Wl,--version-script=${CMAKE_SOURCE_DIR}/cmake/backend_library.map")
  install(TARGETS ${name} LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}/assay")
endfunction()

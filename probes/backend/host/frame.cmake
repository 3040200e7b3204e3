# SPDX-License-Identifier: Apache-2.0
# The frame around the kernels and the discovery of what there is to probe; included by CMakeLists.txt of this folder.
set(_frame_sources cache_flush.cpp capture.cpp cpu_info.cpp diagnosis.cpp discovery.cpp fp_environment.cpp frame.cpp injector.cpp
  kernel_source.cpp load_steps.cpp memory_check.cpp rest.cpp unit_loop.cpp)
# What happens at every step beside the kernel, always optimised.
set_source_files_properties(capture.cpp unit_loop.cpp PROPERTIES COMPILE_OPTIONS "-O2")
assay_library(assay_probes_host
  SOURCES ${_frame_sources}
  DEPS assay_probes_host_kernels assay_probe_judgement assay_probe_protocol assay_goldens assay_catalogue)

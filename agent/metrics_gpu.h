// SPDX-License-Identifier: Apache-2.0
// The GPU part of /metrics: one series for each fact of a sample, with the labels by which other tools name a GPU.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "agent/core/gpu_facts.h"
#include "agent/gpu_intake.h"

namespace assay::agent {

using SeriesLabels = std::vector<std::pair<std::string, std::string>>;

// Where series go: the page of metrics.cpp.
class SeriesSink {
 public:
  virtual ~SeriesSink() = default;
  virtual void put_gauge(std::string_view name, std::string_view help, const SeriesLabels& labels, double value) = 0;
  virtual void put_counter(std::string_view name, std::string_view help, const SeriesLabels& labels, double value) = 0;
};

// gpu_uuid, gpu, pci_bus_id and model, those that are known.
SeriesLabels labels_of(const GpuIdentity& gpu);
void add_gpus(SeriesSink& sink, const GpuSample& sample);
// Nothing at all where no reader was ever started.
void add_nvml_reader(SeriesSink& sink, const NvmlReaderFacts& facts);

// Xids, findings, trends; of the kernel log only where a GPU is or was.
void add_gpu_intake(SeriesSink& sink, const GpuIntakeFacts& facts);

}  // namespace assay::agent

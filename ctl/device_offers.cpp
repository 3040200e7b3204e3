// SPDX-License-Identifier: Apache-2.0
#include "ctl/device_offers.h"

#include <fmt/format.h>

#include "ctl/json_writer.h"
#include "ctl/page_text.h"
#include "probes/catalogue/catalogue.h"

namespace assay::ctl {
namespace {

std::string_view tier_of(const std::string& probe) {
  const ProbeSpec* spec = probes::find_probe(probe);
  return spec == nullptr ? kAbsent : to_string(spec->tier);
}

std::string backend_of(const RunnerInventory& inventory, const Device& device) {
  const auto found = inventory.backends.find(device.id);
  return found == inventory.backends.end() ? std::string(kAbsent) : found->second;
}

}  // namespace

std::string device_offers_json(const RunnerInventory& inventory) {
  JsonWriter json;
  json.begin_object().begin_array("devices");
  for (const Device& device : inventory.devices) {
    json.begin_object().field("device_id", device.id).field("backend", backend_of(inventory, device)).field("kind", to_string(device.kind));
    json.field("model", device.model).field("architecture", device.architecture).field("units", uint64_t{device.units.size()}).begin_array("probes");
    for (const probes::ProbeVariant& offer : inventory.variants) {
      if (offer.device != device.id) continue;
      json.begin_object().field("probe", offer.probe).field("tier", tier_of(offer.probe));
      if (offer.runs()) {
        json.field("variant", offer.variant).field("silicon", offer.silicon).field("ran_on_silicon", offer.ran_on_silicon);
      } else {
        json.field("missing", offer.missing);
      }
      json.end_object();
    }
    json.end_array().end_object();
  }
  json.end_array().begin_array("remarks");
  for (const std::string& remark : inventory.remarks) json.element(remark);
  json.end_array().end_object();
  return json.take();
}

std::string device_offers_text(const RunnerInventory& inventory, const View& view) {
  PageText page(view);
  for (const Device& device : inventory.devices) {
    page.heading(fmt::format("{}: {}, {}, {} ({})", device.id, device.model, device.architecture, plural(device.units.size(), "unit"), backend_of(inventory, device)));
    Table table({{"PROBE"}, {"TIER"}, {"VARIANT"}, {"ON SILICON"}, {"SILICON", Align::kLeft, true}});
    for (const probes::ProbeVariant& offer : inventory.variants) {
      if (offer.device != device.id) continue;
      if (offer.runs()) {
        table.add({offer.probe, std::string(tier_of(offer.probe)), offer.variant, {offer.ran_on_silicon ? "measured" : "not run on silicon yet", offer.ran_on_silicon ? Tone::kPlain : Tone::kWarning},
                   offer.silicon});
      } else {
        table.add({offer.probe, std::string(tier_of(offer.probe)), {"none", Tone::kDim}, "", {offer.missing, Tone::kDim}});
      }
    }
    page.table(table);
  }
  for (const std::string& remark : inventory.remarks) page.field("", remark, Tone::kWarning);
  return page.take();
}

}  // namespace assay::ctl

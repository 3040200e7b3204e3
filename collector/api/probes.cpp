// SPDX-License-Identifier: Apache-2.0
#include "collector/api/json_writer.h"
#include "collector/api/reads.h"
#include "probes/catalogue/catalogue.h"

namespace assay::collector {

// Every probe of the catalogue, with the sums over the fleet of its current version.
Result<std::string> read_probes(ReadContext& context, const net::Request&, const std::string&) {
  const auto totals = TRY(context.store.probe_totals());
  JsonWriter json;
  json.begin_object().begin_list("probes");
  for (const ProbeSpec& spec : probes::all_probes()) {
    ProbeTotals sum;
    for (const ProbeTotals& each : totals) {
      if (each.probe == spec.ref) sum = each;
    }
    json.begin_object()
        .text("probe", to_string(spec.ref))
        .text("family", spec.family)
        .text("precision", spec.precision)
        .text("tier", to_string(spec.tier))
        .text("mode", to_string(mode_for(context.fleet.options, spec.ref.id, spec.tier)))
        .text("exercises", spec.exercises)
        .number("operand_sets", spec.operand_sets)
        .number("runs", sum.match + sum.mismatch)
        .number("mismatches", sum.mismatch)
        .number("inconclusive", sum.inconclusive);
    json.begin_list("frozen");
    for (const Freeze& freeze : context.fleet.summary.freezes) {
      if (freeze.key.probe == spec.ref) json.text({}, freeze.key.cohort);
    }
    json.end_list().end_object();
  }
  json.end_list().end_object();
  return json.take();
}

}  // namespace assay::collector

// SPDX-License-Identifier: Apache-2.0
// What stands in the kernel log, which any driver may have written; and the table that says what it means.
#include <cstdint>
#include <string_view>

#include "agent/core/xid_line.h"
#include "agent/core/xid_watch.h"
#include "agent/telemetry/kernel_log.h"
#include "common/base/check.h"
#include "common/base/parse.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace assay::agent;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  XidParser parser;
  XidWatch watch{XidTable{}};
  for (const std::string_view line : assay::split(text, '\n')) {
    const auto record = parse_kernel_record(line);
    const std::string_view said = record.ok() ? std::string_view(record->text) : line;
    static_cast<void>(parse_gpu_at_bus(said));
    const auto xid = parser.line(said);
    if (!xid) continue;
    ASSAY_CHECK(xid->detail.size() <= XidLine::kDetailChars && xid->pci_bus_id.size() == 16);
    watch.step(*xid, record.ok() ? record->at : assay::MonoTime{}, "");
  }
  XidWatch again{XidTable{}};
  again.restore(watch.memory());
  ASSAY_CHECK(again.memory() == watch.memory());
  again.restore(text);
  static_cast<void>(decode_kernel_cursor(text));
  if (const auto table = XidTable::parse(text, "t"); table.ok()) static_cast<void>(table->rule_of(XidKind::kXid, 79));
  return 0;
}

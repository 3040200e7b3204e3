// SPDX-License-Identifier: Apache-2.0
#include "collector/page.h"

namespace assay::collector {

// System fonts and colours, light and dark; contrast of text at least 4.5:1 (WCAG 2.1 AA). States are told by words, never by
// colour alone.
const std::string_view kPageStyle = R"css(
:root { color-scheme: light dark; --bg: #f7f8fa; --card: #ffffff; --text: #1b1f24; --soft: #57606a; --line: #d8dee4;
  --good: #116329; --good-bg: #dafbe1; --warn: #7d4e00; --warn-bg: #fff8c5; --bad: #a40e26; --bad-bg: #ffebe9; --link: #0550ae; }
@media (prefers-color-scheme: dark) {
  :root { --bg: #0d1117; --card: #161b22; --text: #e6edf3; --soft: #9da7b3; --line: #30363d;
    --good: #7ee787; --good-bg: #12261e; --warn: #f2cc60; --warn-bg: #2e2a1f; --bad: #ffa198; --bad-bg: #3b1a1e; --link: #79c0ff; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 112rem; margin: 0 auto; padding: 0 1.25rem; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1rem; padding-top: 1.5rem; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
p.headline { margin: 1rem 0 0; padding: .75rem 1rem; border-radius: 8px; font-size: 1.1rem; font-weight: 600; }
.soft { color: var(--soft); }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
p.headline.good { background: var(--good-bg); } p.headline.warn { background: var(--warn-bg); } p.headline.bad { background: var(--bad-bg); }
dl.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.75rem, 1fr)); gap: .75rem; margin: 1rem 0 0; }
dl.tiles div { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .6rem .9rem; }
dl.tiles dt { color: var(--soft); font-size: .85rem; }
dl.tiles dd { margin: 0; font-size: 1.4rem; font-weight: 600; font-variant-numeric: tabular-nums; }
dl.tiles dd small { display: block; font-size: .8rem; font-weight: 400; color: var(--soft); }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; padding: .4rem .75rem; white-space: nowrap; vertical-align: top; }
td.wide { white-space: normal; min-width: 16rem; }
th { color: var(--soft); font-weight: 500; border-bottom: 1px solid var(--line); }
tr + tr td { border-top: 1px solid var(--line); }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; }
.state { padding: .05rem .5rem; border-radius: 999px; border: 1px solid currentColor; font-size: .85rem; }
.drill { color: var(--soft); font-size: .85rem; }
footer { padding: 2rem 1.25rem; color: var(--soft); font-size: .85rem; }
code { font-family: ui-monospace, monospace; font-size: .9em; }
)css";

}  // namespace assay::collector

// The style sheet of the pages: one column of cards, system fonts, light and dark by the reader's choice, light on
// paper. Colours are variables, which the plots use too.

export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f4f5f7; --card: #ffffff; --ink: #1b2430; --muted: #5a6675; --line: #e1e5ea; --soft: #f1f3f6;
  --accent: #0072b2; --band: #e4eff7; --warn: #9a5b00; --warn-soft: #fdf3e1; --bad: #b3400a;
  --series-1: #0072b2; --series-2: #d55e00; --series-3: #009e73; --series-4: #b5588f; --series-5: #b8860b;
  --series-6: #56b4e9;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #11151b; --card: #191f27; --ink: #e5e9ef; --muted: #9ba7b6; --line: #2c3540; --soft: #212934;
    --accent: #5fb0e6; --band: #1e3242; --warn: #f0b95b; --warn-soft: #33291a; --bad: #f08a4b;
    --series-1: #4aa3df; --series-2: #f07f35; --series-3: #2fbf94; --series-4: #dd8bbb; --series-5: #e0b13c;
    --series-6: #9ad4f7;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.55 Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
  font-variant-numeric: tabular-nums;
}
main, header.page, footer { width: min(1112px, 100% - 48px); margin: 0 auto; }
h1, h2, h3 { line-height: 1.2; font-weight: 650; letter-spacing: -0.01em; margin: 0; text-wrap: balance; }
h1 { font-size: 34px; overflow-wrap: anywhere; }
h2 { font-size: 21px; margin: 52px 0 4px; scroll-margin-top: 16px; }
h3 { font-size: 15px; letter-spacing: 0; margin: 0 0 2px; }
p { margin: 0 0 10px; max-width: 76ch; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
code { font: 0.92em ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.lead { color: var(--muted); margin-bottom: 14px; }
.note { color: var(--muted); font-size: 13px; margin: 10px 0 0; }
.eyebrow { color: var(--muted); font-size: 12px; letter-spacing: 0.08em; text-transform: uppercase; margin: 0 0 10px; }
.unknown { color: var(--muted); font-style: italic; }
.nowrap { white-space: nowrap; }
header.page { padding: 44px 0 4px; }
header.page .on { font-size: 17px; color: var(--muted); margin: 6px 0 0; }
header.page .about { margin: 16px 0 0; }
nav { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 22px 0 0; font-size: 13.5px; }
.tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: 16px; margin: 26px 0 0; }
.card, .tile { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.tile { padding: 18px 20px 16px; display: flex; flex-direction: column; min-width: 0; }
.tile .name { color: var(--muted); font-size: 13px; }
.tile .value { font-size: 30px; font-weight: 650; letter-spacing: -0.02em; line-height: 1.25; white-space: nowrap; }
.tile .value.unknown { font-weight: 400; }
.tile .more { color: var(--muted); font-size: 13px; line-height: 1.45; margin-top: 4px; }
.interval { position: relative; height: 6px; border-radius: 3px; background: var(--soft); margin: 10px 0 4px; }
.interval i { position: absolute; top: 0; height: 6px; border-radius: 3px; background: var(--accent); opacity: 0.35; }
.interval b { position: absolute; top: -3px; width: 3px; height: 12px; margin-left: -1.5px; background: var(--accent); border-radius: 1px; }
.facts { display: grid; grid-template-columns: repeat(4, 1fr); gap: 14px 36px; margin: 16px 0 0; padding: 16px 20px; }
.facts dt { color: var(--muted); font-size: 12.5px; }
.facts dd { margin: 0; font-weight: 550; font-size: 14.5px; overflow-wrap: anywhere; }
.cards { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px; margin: 12px 0 0; }
.card { padding: 20px 22px; min-width: 0; }
.card.wide { grid-column: 1 / -1; }
.card > p.remark { color: var(--muted); font-size: 13px; margin: 0 0 12px; }
.card svg { display: block; max-width: 100%; height: auto; overflow: visible; }
.card svg text { font-family: inherit; font-variant-numeric: tabular-nums; }
.empty { color: var(--muted); font-style: italic; margin: 12px 0; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 0 0 8px; padding: 0; font-size: 13px; }
.legend li { display: flex; align-items: center; gap: 7px; min-width: 0; overflow-wrap: anywhere; }
.legend b { font-weight: 600; white-space: nowrap; }
.key { flex: none; display: inline-block; width: 18px; height: 0; border-top: 2.5px solid var(--c); }
.key.dashed { border-top-style: dashed; }
.key.block { width: 11px; height: 11px; border: 0; border-radius: 2px; background: var(--c); }
.key.marks { width: 9px; height: 9px; border: 0; background: var(--c); transform: rotate(45deg); margin: 0 4px; }
.scroll { overflow-x: auto; margin: 0 -22px; padding: 0 22px; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; line-height: 1.4; }
th { text-align: left; font-weight: 550; color: var(--muted); font-size: 12.5px; vertical-align: bottom; }
th, td { padding: 6px 18px 6px 0; border-bottom: 1px solid var(--line); }
td { vertical-align: top; }
tr > :last-child { padding-right: 0; }
tbody tr:last-child > * { border-bottom: 0; }
tbody th { color: var(--ink); font-size: inherit; font-weight: 500; vertical-align: top; }
th.n, td.n { text-align: right; }
td.n { white-space: nowrap; }
td.wrap { min-width: 180px; overflow-wrap: anywhere; }
tr.chosen > * { background: var(--band); }
tr.chosen > :first-child { box-shadow: -8px 0 0 var(--band); }
tr.chosen > :last-child { box-shadow: 8px 0 0 var(--band); }
tbody th code, td code.hash { white-space: nowrap; overflow-wrap: normal; }
td > .meter:only-child { margin-top: 7px; }
tr.group > th { padding-top: 20px; color: var(--ink); font-weight: 650; font-size: 13.5px; }
.mute { color: var(--muted); }
.tag { display: inline-block; padding: 0 7px; border-radius: 9px; background: var(--soft); color: var(--muted); font-size: 12px; white-space: nowrap; }
.tag.warn { background: var(--warn-soft); color: var(--warn); }
.row { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 14px; padding: 9px 0; border-bottom: 1px solid var(--line); }
.row:last-child { border-bottom: 0; }
.row > b { font-weight: 600; min-width: 250px; font-size: 14px; }
.row > .mute { font-size: 13px; }
.meter { display: block; height: 5px; min-width: 56px; border-radius: 3px; background: var(--soft); overflow: hidden; margin-top: 3px; }
.meter i { display: block; height: 100%; background: var(--accent); }
.meter.full i { background: var(--warn); }
.meter.over i { background: var(--bad); }
.fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(58px, 1fr)); gap: 6px; margin: 14px 0 0; }
.fields img { display: block; width: 100%; height: auto; image-rendering: pixelated; border-radius: 3px; background: #f7f7f7; }
.colorbar { display: flex; align-items: center; gap: 10px; font-size: 13px; color: var(--muted); }
.colorbar img { width: 220px; height: 12px; border-radius: 3px; }
ul.plain { margin: 4px 0 0; padding-left: 18px; }
ul.plain li { margin: 3px 0; overflow-wrap: anywhere; }
details { margin-top: 12px; }
summary { cursor: pointer; color: var(--accent); font-size: 13.5px; }
details[open] > summary { margin-bottom: 8px; }
footer { color: var(--muted); font-size: 13px; padding: 40px 0 60px; }
@media screen and (max-width: 960px) {
  .tiles, .cards, .facts { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
@media screen and (max-width: 760px) {
  .tiles, .cards { grid-template-columns: minmax(0, 1fr); }
  .scroll > svg { min-width: 760px; }
  tbody th { min-width: 130px; }
  main, header.page, footer { width: calc(100% - 32px); }
}
@media print {
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  @page { margin: 14mm; }
  :root { --page: #ffffff; }
  body { font-size: 12px; }
  main, header.page, footer { width: 100%; }
  nav, summary { display: none; }
  header.page { padding-top: 0; }
  h2 { break-after: avoid; margin-top: 30px; }
  .card, .tile { break-inside: avoid; }
  .card.long { break-inside: auto; }
  tr { break-inside: avoid; }
  tr.group { break-after: avoid; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  .scroll { overflow: visible; }
  table, th { font-size: 10px; }
  th, td { padding-right: 9px; }
  td.wrap { min-width: 120px; }
  .meter { min-width: 30px; }
  .tile .value { font-size: 22px; }
}
`;

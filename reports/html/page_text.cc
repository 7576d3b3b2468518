// Style sheet and script of the HTML report; see html_parts.h. Tested by reports/html/test/html_report_test.cc.
#include "reports/html/html_parts.h"

namespace assay::reports::html {

std::string_view style_sheet() {
  return R"css(:root {
  color-scheme: light dark;
  --paper: #fbfaf8; --sheet: #ffffff; --ink: #1d1f24; --soft: #5d6470; --line: #dfe1e6; --code: #f4f3f0;
  --link: #1f5fbf; --new: #b3261e; --new-bg: #fbe4e1; --known: #7a5300; --known-bg: #fbefd2;
  --fixed: #1b6b3a; --fixed-bg: #dff3e6; --unknown: #5b3ea8; --unknown-bg: #ebe4fb; --mark: #ffb4a8;
  --h1: #e3effb; --h2: #bcd9f4; --h3: #85b9e8; --h4: #2f74b5; --h5: #1c5a94; --on-dark: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14161a; --sheet: #1b1e24; --ink: #e7e9ee; --soft: #9ba3b1; --line: #333842; --code: #23272f;
    --link: #8ab8ff; --new: #ff9b91; --new-bg: #4a1d1a; --known: #f2c46b; --known-bg: #40310f;
    --fixed: #7fd6a0; --fixed-bg: #16392a; --unknown: #c3b1ff; --unknown-bg: #322757; --mark: #8f352c;
    --h1: #1d2b3a; --h2: #234766; --h3: #2c6797; --h4: #4b93cf; --h5: #9cccf5; --on-dark: #0d1218;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, "Segoe UI", "Noto Sans", sans-serif; }
header, main { max-width: 76rem; margin: 0 auto; padding: 0 1.5rem; }
body { border-top: 6px solid var(--soft); } header { padding-top: 2.5rem; }
body.good { border-color: var(--fixed); } body.bad { border-color: var(--new); } body.doubt { border-color: var(--unknown); }
.good h1 { color: var(--fixed); } .bad h1 { color: var(--new); } .doubt h1 { color: var(--unknown); }
header ul { margin: .6rem 0 1.5rem; padding-left: 1.2rem; }
.eyebrow { margin: 0; color: var(--soft); font-size: .8rem; letter-spacing: .08em; text-transform: uppercase; }
h1 { margin: 0; font-size: 2.6rem; line-height: 1.15; letter-spacing: -.02em; }
h1::first-letter { text-transform: uppercase; }
h2 { margin: 3rem 0 1rem; font-size: 1.45rem; letter-spacing: -.01em; border-bottom: 1px solid var(--line); padding-bottom: .35rem; }
h3 { margin: 1.75rem 0 .6rem; font-size: 1.05rem; } h3 small, .tile small { color: var(--soft); font-weight: 400; font-size: .85em; } .tile.plain b { font-size: 1.25rem; line-height: 1.5; overflow-wrap: anywhere; } .tile small { font-size: .75em; letter-spacing: 0; }
h4 { margin: 1.4rem 0 .5rem; font-size: .9rem; color: var(--soft); font-weight: 600; }
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: .18em; }
nav { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .3rem 1.3rem; padding: .7rem 0; background: var(--paper);
  border-bottom: 1px solid var(--line); font-size: .92rem; }
nav a, #findings-table a { text-decoration: none; } nav a:hover, #findings-table a:hover, #findings-table a:focus-visible { text-decoration: underline; }
section, details { scroll-margin-top: 3.5rem; }
code, pre, .code td, .state td + td { font-family: ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: .86rem; }
code { overflow-wrap: anywhere; }
pre { margin: 0; padding: .8rem 1rem; background: var(--code); border-radius: 6px; overflow: auto; max-height: 32rem; line-height: 1.5; tab-size: 4; }
pre.command { position: relative; padding-right: 4.5rem; border-left: 3px solid var(--link); white-space: pre-wrap; overflow-wrap: anywhere; }
pre.prose { white-space: pre-wrap; overflow-wrap: anywhere; }
pre.command button { position: absolute; top: .45rem; right: .5rem; }
button { font: 500 .8rem system-ui, sans-serif; color: var(--ink); background: var(--sheet); border: 1px solid var(--line); border-radius: 5px;
  padding: .15rem .6rem; cursor: pointer; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .8rem; margin: 0 0 .8rem; }
nav { margin-top: 1.2rem; } #oracles td:last-child { min-width: 22rem; } #proofs td:last-child:not(.number) { min-width: 16rem; } table.counts { width: auto; } table.counts td, table.counts th { padding-right: clamp(.5rem, 2vw, 1.6rem); } table.counts th { white-space: normal; vertical-align: bottom; }
.tile { background: var(--sheet); border: 1px solid var(--line); border-radius: 8px; padding: .8rem 1rem; display: flex; flex-direction: column; }
.tile b { font-size: 1.55rem; line-height: 1.2; font-variant-numeric: tabular-nums; letter-spacing: -.01em; }
.tile span { color: var(--soft); font-size: .86rem; }
.tile.new b { color: var(--new); } .tile.known b { color: var(--known); } .tile.fixed b { color: var(--fixed); }
.tile.unknown b { color: var(--unknown); } .tile.none b { color: var(--soft); font-weight: 400; }
.badge { display: inline-block; padding: 0 .55em; border-radius: 99px; font-size: .78rem; font-weight: 600; line-height: 1.65; }
.badge.new { color: var(--new); background: var(--new-bg); } .badge.known { color: var(--known); background: var(--known-bg); }
.badge.fixed { color: var(--fixed); background: var(--fixed-bg); } .badge.unknown { color: var(--unknown); background: var(--unknown-bg); }
.wide { overflow-x: auto; } .scroll { max-height: 34rem; overflow-y: auto; position: relative; } .scroll th { position: sticky; top: 0; background: var(--sheet); }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th { text-align: left; color: var(--soft); font-weight: 600; font-size: .84rem; white-space: nowrap; }
th, td { padding: .34rem .75rem .34rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.number + td:not(.number), .number + th:not(.number) { padding-left: 1.2rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.zero { color: var(--soft); } td.good { color: var(--fixed); font-weight: 600; } td.bad { color: var(--new); font-weight: 600; } td.doubt { color: var(--unknown); font-weight: 600; }
table.code td, table.state td { white-space: pre; }
tr.differs { background: var(--new-bg); }
ins, del { text-decoration: none; border-radius: 3px; } ins { background: var(--fixed-bg); } del { background: var(--new-bg); }
.code ins { color: var(--fixed); font-weight: 600; padding: 0 .15em; }
pre.diff ins, pre.diff del { display: inline-block; min-width: 100%; padding: 0 .3em; margin: 0 -.3em; border-radius: 0; color: inherit; font-weight: 400; }
td small { color: var(--soft); font: .92em system-ui, "Segoe UI", "Noto Sans", sans-serif; } h4 small { font-weight: 400; margin-left: .5em; }
mark { color: inherit; background: var(--mark); padding: 0 .15em; border-radius: 3px; font-weight: 600; }
dl.facts { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .3rem 1.4rem; margin: 0; }
dl.facts dt { color: var(--soft); } dl.facts dd { margin: 0; overflow-wrap: anywhere; }
.quiet { color: var(--soft); font-size: .92rem; }
details.finding { margin: 1.2rem 0; background: var(--sheet); border: 1px solid var(--line); border-radius: 8px; padding: .3rem 1.2rem; }
details.finding[open] { padding-bottom: 1.2rem; }
details.finding > summary { cursor: pointer; padding: .5rem 0; font-weight: 600; }
details.finding:target { border-color: var(--link); }
.beside { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(21rem, 100%), 1fr)); gap: 1rem; margin-top: 1.2rem; }
.beside.tables { gap: 2rem; align-items: start; } .beside > * { min-width: 0; }
figure { margin: 0; } figcaption { color: var(--soft); font-size: .9rem; font-weight: 600; margin-bottom: .4rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(17rem, 100%), 1fr)); gap: 1.2rem; }
.chart { background: var(--sheet); border: 1px solid var(--line); border-radius: 8px; padding: .8rem 1rem; }
.chart figcaption b { color: var(--ink); float: right; font-variant-numeric: tabular-nums; }
svg { display: block; width: 100%; height: auto; } svg text { fill: var(--soft); font: 14px system-ui, sans-serif; }
.grid { stroke: var(--line); stroke-width: 1; } .line { fill: none; stroke: var(--link); stroke-width: 2; stroke-linejoin: round; }
.area { fill: var(--link); opacity: .12; } .dot { fill: var(--link); stroke: var(--sheet); stroke-width: 2; }
.heat { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: 3px; }
.heat li { display: flex; justify-content: space-between; gap: .4rem; padding: .18rem .45rem; border-radius: 3px; font-size: .74rem; line-height: 1.5;
  border: 1px solid transparent; }
.heat span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } .heat b { font-weight: 500; font-variant-numeric: tabular-nums; }
.h1 { background: var(--h1); } .h2 { background: var(--h2); } .h3 { background: var(--h3); }
.h4 { background: var(--h4); color: var(--on-dark); } .h5 { background: var(--h5); color: var(--on-dark); }
.heat .h0 { color: var(--new); border: 1px dashed var(--new);
  background: repeating-linear-gradient(45deg, transparent 0 5px, var(--new-bg) 5px 10px); }
table.map { width: auto; font-size: .74rem; font-variant-numeric: tabular-nums; border-collapse: separate; border-spacing: 2px; }
table.map th { font-size: inherit; font-weight: 500; padding: .1rem .4rem; background: var(--paper); border: 0; } table.map thead th { text-align: center; z-index: 1; }
table.map tbody th { position: sticky; left: 0; color: var(--ink); } table.map thead th:first-child { left: 0; z-index: 2; text-align: left; }
table.map td { min-width: 3.35rem; padding: .1rem .4rem; border: 0; border-radius: 3px; text-align: right; line-height: 1.5; }
td.h0 { color: var(--new); background: repeating-linear-gradient(45deg, transparent 0 5px, var(--new-bg) 5px 10px); }
details.never { margin: .6rem 0; font-size: .92rem; color: var(--soft); } details.never summary { cursor: pointer; }
ul.names { columns: 22rem; margin: .5rem 0; padding: 0; list-style: none; } ul.names code { color: var(--ink); }
#controls { display: flex; flex-wrap: wrap; gap: .5rem 1.2rem; align-items: center; } #controls[hidden] { display: none; }
#controls label { color: var(--soft); font-size: .92rem; margin-right: .8rem; } #shown { color: var(--soft); font-size: .92rem; }
input[type=search] { font: inherit; color: inherit; background: var(--sheet); border: 1px solid var(--line); border-radius: 5px; padding: .2rem .55rem;
  width: 18rem; max-width: 100%; }
th[aria-sort] { cursor: pointer; } th[aria-sort=ascending]::after { content: " \2191"; } th[aria-sort=descending]::after { content: " \2193"; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
main { padding-bottom: 4rem; }
@media (max-width: 40rem) { dl.facts { grid-template-columns: 1fr; gap: 0; } dl.facts dd { margin-bottom: .5rem; }
  #findings-table thead tr { display: flex; flex-wrap: wrap; } #findings-table tbody tr:not([hidden]) { display: grid; grid-template-columns: auto 1fr auto;
    gap: .1rem .8rem; padding: .5rem 0; border-bottom: 1px solid var(--line); } #findings-table tbody td { border: 0; padding: 0; }
  #findings-table td:nth-child(2) { grid-area: 2 / 1 / 3 / 4; } #findings-table td:nth-child(3) { grid-area: 1 / 3; } #findings-table td:nth-child(4) { grid-area: 1 / 2; overflow-wrap: anywhere; color: var(--soft); }
  #findings-table td:nth-child(5) { grid-area: 3 / 1 / 4 / 4; color: var(--soft); } #findings-table td:empty { display: none; }
  nav { flex-wrap: nowrap; overflow-x: auto; white-space: nowrap; } header, main { padding-left: 1rem; padding-right: 1rem; } details.finding { padding-left: .8rem; padding-right: .8rem; } }
@media print { nav, #controls, button { display: none !important; } pre, .scroll { max-height: none; } }
)css";
}

std::string_view script() {
  return R"js("use strict";
(function () {
  const table = document.getElementById("findings-table");
  for (const pre of document.querySelectorAll("pre.command")) {
    const text = pre.textContent;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      try { await navigator.clipboard.writeText(text); button.textContent = "Copied"; }
      catch { getSelection().selectAllChildren(pre); }
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    pre.append(button);
  }
  // The guilty instruction in the middle of its box.
  const centre = (box) => {
    const row = box.querySelector("tr.differs");
    if (row) box.scrollTop = row.offsetTop - box.clientHeight / 2;
  };
  for (const box of document.querySelectorAll(".scroll")) {
    centre(box);
    box.closest("details")?.addEventListener("toggle", () => centre(box));
  }
  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target && target.tagName === "DETAILS") { target.hidden = false; target.open = true; target.scrollIntoView(); }
  };
  addEventListener("hashchange", reveal);
  if (table) {
    const body = table.tBodies[0];
    const rows = Array.from(body.rows);
    const sections = rows.map((row) => document.getElementById(row.querySelector("a").hash.slice(1)));
    const filter = document.getElementById("filter");
    const boxes = new Map();
    for (const state of new Set(rows.map((row) => row.dataset.state))) {
      const label = document.createElement("label");
      const box = document.createElement("input");
      box.type = "checkbox";
      box.checked = true;
      box.addEventListener("change", show);
      label.append(box, " " + state);
      document.getElementById("states").append(label);
      boxes.set(state, box);
    }
    function show() {
      const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row, i) => {
        const text = (row.textContent + " " + sections[i].textContent).toLowerCase();
        const keep = boxes.get(row.dataset.state).checked && words.every((word) => text.includes(word));
        row.hidden = !keep;
        sections[i].hidden = !keep;
        shown += keep ? 1 : 0;
      });
      document.getElementById("shown").textContent = shown + " of " + rows.length + " shown";
    }
    filter.addEventListener("input", show);
    const heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach((head, column) => {
      head.setAttribute("aria-sort", "none");
      head.tabIndex = 0;
      const sort = () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((other) => other.setAttribute("aria-sort", "none"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const key = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent;
        const order = (a, b) => key(a).localeCompare(key(b), "en", { numeric: true });
        const sorted = rows.slice().sort((a, b) => (down ? order(b, a) : order(a, b)));
        body.append(...sorted);
      };
      head.addEventListener("click", sort);
      head.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); sort(); }
      });
    });
    const all = document.getElementById("open-all");
    all.addEventListener("click", () => {
      const open = sections.some((section) => !section.hidden && !section.open);
      for (const section of sections) if (!section.hidden) section.open = open;
    });
    document.getElementById("controls").hidden = false;
    show();
  }
  reveal();
})();
)js";
}

}  // namespace assay::reports::html

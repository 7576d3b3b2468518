// Opens HTML reports in headless Chromium and checks what the page promises: node page.mjs TOOLS OPTION... PAGE
// TOOLS is the folder that npm installed into. --full: every part of a report must be there, as in one of a campaign with
// findings. --hostile: its strings attack, and must all be text. --shots FOLDER: screenshots of both themes, wide and narrow.
// Prints a line for each broken promise; exit code 1 if there is one.
import { createRequire } from "node:module";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [tools, ...options] = process.argv.slice(2);
const { chromium } = createRequire(tools + "/package.json")("playwright-core");
const file = resolve(options.at(-1));
const url = pathToFileURL(file).href;
const shots = options.includes("--shots") ? options[options.indexOf("--shots") + 1] : null;
const hostile = options.includes("--hostile");
const full = options.includes("--full");
const kAttack = "<script>alert(1)</script>";
const kWidths = [390, 768, 1280];

const problems = [];
const check = (holds, sentence) => { if (!holds) problems.push(sentence); };

// Everything that a page may do behind a reader's back is recorded.
function watch(page, what) {
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(`${what}: console ${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`${what}: uncaught ${error.message}`));
  page.on("dialog", (dialog) => { problems.push(`${what}: a dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== url) problems.push(`${what}: a request to ${request.url()}`);
  });
  page.on("popup", () => problems.push(`${what}: a window was opened`));
}

async function open(browser, what, settings = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...settings });
  const page = await context.newPage();
  page.setDefaultTimeout(5000);
  watch(page, what);
  await page.goto(url);
  return page;
}

// Nothing but text came out of strings: no element that loads or runs something, no handler, no link that leads away.
async function checkMarkup(page) {
  const found = await page.evaluate(() => {
    const all = Array.from(document.querySelectorAll("*"));
    const handlers = all.flatMap((one) => one.getAttributeNames().filter((name) => name.startsWith("on")));
    const links = Array.from(document.querySelectorAll("a[href]")).filter((one) => !one.getAttribute("href").startsWith("#"));
    const loading = document.querySelectorAll("img, iframe, object, embed, link, form, base, audio, video, use, image");
    const ids = all.map((one) => one.id).filter(Boolean);
    const dead = Array.from(document.querySelectorAll("a[href^='#']")).filter((one) => !document.getElementById(one.hash.slice(1)));
    return { scripts: document.scripts.length, styles: document.querySelectorAll("style").length, handlers: handlers.length,
      links: links.length, loading: loading.length, twice: ids.length - new Set(ids).size, dead: dead.length };
  });
  check(found.scripts === 1 && found.styles === 1, `${found.scripts} script and ${found.styles} style elements, not one of each`);
  check(found.handlers === 0, `${found.handlers} attributes that are event handlers`);
  check(found.links === 0, `${found.links} links that lead away`);
  check(found.loading === 0, `${found.loading} elements that load something`);
  check(found.twice === 0, `${found.twice} ids that are there twice`);
  check(found.dead === 0, `${found.dead} links to nothing`);
}

// Each place that shows a string of the report shows the attack as text.
async function checkAttackIsText(page) {
  const places = ["header li", "#problems li", "#environment dd", "#environment pre.command", "#findings-table code",
    "#findings-table td", "details.finding summary code", "details.finding pre.command", "details.finding pre.code",
    "details.finding pre.diff", "table.state td", "table.code td", "dl.facts dd", "#oracles td", "#fired td",
    "#campaign dt", "#campaign dd", "ul.names code", "#coverage ul.heat span", "table.map th", "#proofs td"];
  for (const place of places) {
    const texts = await page.locator(place).allTextContents();
    check(texts.some((text) => text.includes(kAttack)), `${place}: the attack is not there as text`);
  }
}

// What a report of a campaign with findings must show.
async function checkParts(page) {
  const parts = { verdict: "h1", "reasons of the verdict": "header li", tiles: ".tiles .tile", command: "#environment pre.command",
    "findings table": "#findings-table tbody tr", "findings' sections": "details.finding", charts: "#time svg polyline.line",
    "replay command": "details.finding pre.command", "state differences": "table.state tr.differs mark",
    "disassembly": "table.code tbody tr", "wrong bytes": "table.code tr.differs mark", "intended bytes": "table.code ins",
    "changes of a guilty pass": "pre.diff ins", "oracles": "#oracles tbody tr", "heat map": "#coverage ul.heat li",
    "register map": "table.map td.h5", "cells never hit": "table.map td.h0", "prover verdicts": "#proofs tbody .badge" };
  for (const [part, selector] of Object.entries(parts)) check(await page.locator(selector).count() > 0, `no ${part} (${selector})`);
  const facts = await page.locator("#environment dt").allTextContents();
  for (const fact of ["command", "seed", "configuration", "build", "CPU"]) check(facts.includes(fact), `the environment lacks ${fact}`);
  const titles = await page.locator("details.finding figcaption").allTextContents();
  for (const title of ["Source as found", "Source after reduction", "Program after the guilty pass"])
    check(titles.includes(title), `no finding has "${title}"`);
  for (const state of ["new", "known", "fixed"])
    check(await page.locator(`#findings-table tr[data-state=${state}]`).count() > 0, `no ${state} finding in the table`);
}

const visibleRows = (page) => page.locator("#findings-table tbody tr:visible");

async function checkFilter(page) {
  const rows = await visibleRows(page).allTextContents();
  const word = (await page.locator("#findings-table code").first().textContent()).slice(0, 12).trim().split(/\s/)[0];
  const filter = page.locator("#filter");
  check(await filter.isVisible(), "there is no filter");
  await filter.fill(word);
  const kept = await visibleRows(page).count();
  check(kept > 0 && kept <= rows.length, `filtered by "${word}": ${kept} of ${rows.length} rows`);
  check(await page.locator("details.finding:visible").count() === kept, "sections and rows are filtered differently");
  await filter.fill("no finding holds such a word zzz");
  check(await visibleRows(page).count() === 0, "a word that no finding holds leaves rows");
  check((await page.locator("#shown").textContent()).startsWith("0 of "), "the page does not say how many rows are shown");
  await filter.fill("");
  check(await visibleRows(page).count() === rows.length, "an empty filter hides rows");
  const state = await page.locator("#findings-table tbody tr").first().getAttribute("data-state");
  const box = page.locator("#states label", { hasText: new RegExp(`^\\s*${state}$`) }).locator("input");
  await box.uncheck();
  check(await page.locator(`#findings-table tr[data-state=${state}]:visible`).count() === 0, `unchecked ${state} rows are shown`);
  await box.check();
}

async function checkSort(page) {
  const heads = page.locator("#findings-table thead th");
  for (let column = 0; column < await heads.count(); ++column) {
    const keys = () => page.locator("#findings-table tbody tr").evaluateAll((rows, column) =>
      rows.map((row) => row.cells[column].dataset.value ?? row.cells[column].textContent), column);
    const order = (a, b) => a.localeCompare(b, "en", { numeric: true });
    await heads.nth(column).click();
    const up = await keys();
    check(up.every((key, i) => i === 0 || order(up[i - 1], key) <= 0), `column ${column} is not sorted upwards`);
    await heads.nth(column).focus();
    await page.keyboard.press("Enter");
    const down = await keys();
    check(down.every((key, i) => i === 0 || order(down[i - 1], key) >= 0), `column ${column} is not sorted downwards by the keyboard`);
    check(await heads.nth(column).getAttribute("aria-sort") === "descending", `column ${column} does not say how it is sorted`);
  }
}

async function checkSections(page) {
  const last = page.locator("#findings-table a").last();
  await last.click();
  const target = page.locator("[id='" + (await last.getAttribute("href")).slice(1) + "']");
  check(await target.evaluate((one) => one.open), "a link of the table does not open its section");
  await page.locator("#open-all").click();
  const sections = await page.locator("details.finding").count();
  const opened = await page.locator("details.finding[open]").count();
  check(opened === sections, `${opened} of ${sections} sections are open`);
  check(await page.locator("pre.command button").count() === await page.locator("pre.command").count(), "not every command can be copied");
}

// Contrast of text and what is behind it (WCAG 2.2, 1.4.3: at least 4.5), of all text that is shown.
async function checkContrast(page, theme) {
  const worst = await page.evaluate(() => {
    const parse = (text) => { const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number); return [r, g, b, a]; };
    const over = (top, below) => top.slice(0, 3).map((c, i) => c * top[3] + below[i] * (1 - top[3])).concat(1);
    const channel = (c) => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
    const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
    const stack = (element) => element ? [element, ...stack(element.parentElement)] : [];
    const result = new Map();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!node.textContent.trim() || !element.checkVisibility() || element.closest("script, svg")) continue;
      let behind = [255, 255, 255, 1];
      let opacity = 1;
      for (const one of stack(element).reverse()) {
        const style = getComputedStyle(one);
        behind = over(parse(style.backgroundColor), behind);
        opacity *= Number(style.opacity);
      }
      const color = parse(getComputedStyle(element).color);
      color[3] *= opacity;
      const [a, b] = [light(over(color, behind)), light(behind)].sort((x, y) => y - x);
      const ratio = (a + 0.05) / (b + 0.05);
      const name = `${element.tagName.toLowerCase()}.${element.className} in ${element.parentElement.className}`;
      if (ratio < 4.5 && !(result.get(name) < ratio)) result.set(name, ratio);
    }
    return Array.from(result);
  });
  for (const [name, ratio] of worst) problems.push(`${theme}: contrast ${ratio.toFixed(2)} of ${name}`);
  const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number)[0]);
  check(theme === "dark" ? paper < 64 : paper > 192, `${theme}: the paper is ${paper}`);
}

async function checkWidths(page, theme) {
  for (const width of kWidths) {
    await page.setViewportSize({ width, height: 900 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    check(wide <= width, `${theme}: at ${width} pixels the page is ${wide} wide`);
    if (!shots || width === 768) continue;
    const stem = `${shots}/${basename(file, ".html")}-${theme}-${width}`;
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: `${stem}-top.png` });
    for (const part of ["environment", "findings", "campaign", "oracles", "time", "coverage", "proofs"]) {
      await page.evaluate((id) => document.getElementById(id)?.scrollIntoView({ behavior: "instant" }), part);
      await page.screenshot({ path: `${stem}-${part}.png` });
    }
    for (const [name, selector] of [["pass", "details.finding:has(pre.diff ins)"], ["bytes", "details.finding:has(table.code ins)"]]) {
      const section = page.locator(selector).first();
      if (await section.count() === 0) continue;
      await section.evaluate((one) => { one.open = true; one.scrollIntoView({ behavior: "instant" }); });
      await page.screenshot({ path: `${stem}-${name}.png` });
      await page.mouse.move(width / 2, 450);
      await page.mouse.wheel(0, 700);
      await page.waitForTimeout(200);
      await page.screenshot({ path: `${stem}-${name}-2.png` });
    }
  }
}

async function checkWithoutScript(browser) {
  const page = await open(browser, "without JavaScript", { javaScriptEnabled: false });
  check(await page.locator("h1").isVisible(), "without JavaScript there is no verdict");
  check(!(await page.locator("#controls").isVisible()), "without JavaScript there are controls that do nothing");
  const rows = await page.locator("#findings-table tbody tr").count();
  check(await visibleRows(page).count() === rows, "without JavaScript rows are hidden");
  const closed = page.locator("details.finding:not([open]) > summary");
  while (await closed.count() > 0) await closed.first().click();
  const sections = page.locator("details.finding");
  for (let i = 0; i < await sections.count(); ++i)
    check(await sections.nth(i).locator("dl.facts").isVisible(), `without JavaScript section ${i} cannot be read`);
  for (const id of ["environment", "campaign", "oracles", "fired", "time", "coverage", "proofs"])
    check(await page.locator(`#${id} > *`).nth(1).isVisible(), `without JavaScript #${id} cannot be read`);
  await page.context().close();
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"] });
try {
  const page = await open(browser, "light", { colorScheme: "light" });
  await checkMarkup(page);
  if (hostile) await checkAttackIsText(page);
  if (full) await checkParts(page);
  if (await page.locator("#findings-table").count() > 0) {
    await checkFilter(page);
    await checkSort(page);
    await checkSections(page);
  }
  await checkContrast(page, "light");
  await page.context().close();
  for (const theme of ["light", "dark"]) {
    const themed = await open(browser, theme, { colorScheme: theme });
    await checkWidths(themed, theme);
    await themed.locator("details").evaluateAll((all) => all.forEach((one) => { one.open = true; }));
    await checkContrast(themed, theme);
    await themed.context().close();
  }
  await checkWithoutScript(browser);
} finally {
  await browser.close();
}
for (const one of new Set(problems)) console.log(`${basename(file)}: ${one}`);
process.exitCode = problems.length === 0 ? 0 : 1;

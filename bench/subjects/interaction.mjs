// Typing, sorting, selecting all, scrolling and opening a program, in pages that have read all states. Of the two pages
// that are open, one is hidden and reads nothing while the other is used.
import { heap, open } from "../support/browser.mjs";
import { figure, median, most, ratio, spread, table } from "../support/figures.mjs";
import { idle, inOrder, settled, sideBySide } from "../support/pages.mjs";
import { processor } from "./start.mjs";

/** Each key changes which programs of a fleet are shown. */
const TYPED = "stoc";
const WHEEL = { steps: 40, pixels: 240 };

const arm = ({ page }, sign, type) => page.evaluate(([sign, type]) => window.bench.until(sign, type), [sign, type]);
const took = ({ page }) => page.evaluate(() => window.bench.took);

/** Does something and returns the time until its result is on screen. */
async function until(opened, sign, type, act) {
  await arm(opened, sign, type);
  await act();
  return took(opened);
}

async function typing(opened) {
  const search = opened.page.getByRole("searchbox", { name: "Search programs" });
  await search.focus();
  const times = [];
  for (const key of TYPED) times.push(await until(opened, "search", "keydown", () => opened.page.keyboard.press(key)));
  await until(opened, "search", "input", () => search.fill(""));
  await search.blur();
  return most(times);
}

function sorting(opened) {
  const head = opened.page.getByRole("columnheader", { name: /^Application/ }).getByRole("button");
  return until(opened, "sort", "click", () => head.click());
}

async function selecting(opened, of) {
  const all = await of.select(opened.page);
  const time = await until(opened, "select", "click", () => all.click());
  await opened.page.getByRole("button", { name: "Clear", exact: true }).click();
  await opened.page.getByRole("region", { name: "Selection" }).waitFor({ state: "hidden" });
  return time;
}

async function scrolling({ page }) {
  await page.mouse.move(700, 500);
  await page.evaluate(() => window.bench.noteFrames());
  for (const sign of [1, -1]) {
    for (let step = 0; step < WHEEL.steps; step += 1) await page.mouse.wheel(0, sign * WHEEL.pixels);
  }
  return page.evaluate(() => {
    cancelAnimationFrame(window.bench.frame);
    return Math.max(...window.bench.frames);
  });
}

/** Opens the first program from the list, and goes back, which makes the list read all again. */
async function opening(opened) {
  await opened.page.evaluate(() => window.bench.hide(false));
  const link = opened.page.getByRole("rowheader").getByRole("link").first();
  const time = await until(opened, "open", "click", () => link.click());
  await opened.page.goBack();
  await opened.page.getByRole("searchbox", { name: "Search programs" }).waitFor();
  await opened.page.evaluate(() => window.bench.hide(true));
  await idle(opened);
  return time;
}

async function once(opened, of) {
  await opened.page.evaluate(() => window.bench.hide(false));
  // What is due after being hidden is read first.
  await opened.page.waitForResponse(/\/v3\/namespaces\/retail\/runs$/);
  await idle(opened);
  await opened.page.evaluate(() => (window.bench.events = []));
  const key = await typing(opened);
  const sort = await sorting(opened);
  const select = await selecting(opened, of);
  await idle(opened);
  const inp = await opened.page.evaluate(() => Math.max(16, ...window.bench.events));
  const scroll = await scrolling(opened);
  await opened.page.evaluate(() => window.bench.hide(true));
  return { key, sort, select, inp, scroll };
}

export async function run({ browser, fleets, slows, runs, save, log, ...builds }) {
  const results = [];
  for (const fleet of fleets) {
    const { pages, end } = await sideBySide(builds, fleet);
    const all = [];
    for (const of of pages) {
      const opened = await open(browser);
      const states = await settled(opened, of);
      const memory = await heap(opened);
      await opened.page.evaluate(() => window.bench.hide(true));
      all.push({ of, opened, states, memory });
    }
    for (const slow of slows) {
      const taken = new Map(all.map(({ of }) => [of, []]));
      for (const { opened } of all) await opened.devtools.send("Emulation.setCPUThrottlingRate", { rate: slow });
      for (let run = -1; run < runs; run += 1) {
        for (const { of, opened } of inOrder(all, run)) {
          const figures = await once(opened, of);
          if (run >= 0) taken.get(of).push(figures);
        }
      }
      for (const { of, states, memory } of all) results.push({ fleet, slow, title: of.title, states, memory, runs: taken.get(of) });
      log(`${fleet}, ${processor({ slow })}: ${pages.map((of) => `${of.title} key ${spread(taken.get(of).map((it) => it.key))}`).join(", ")}`);
      await save(results);
    }
    for (const { of, opened } of all.filter(({ of }) => of.opens)) {
      for (const slow of slows) {
        await opened.devtools.send("Emulation.setCPUThrottlingRate", { rate: slow });
        const result = results.find((it) => it.fleet === fleet && it.slow === slow && it.title === of.title);
        // The first one loads the part of the page that shows a program.
        for (let run = -1; run < runs; run += 1) {
          const time = await opening(opened);
          if (run >= 0) result.runs[run].open = time;
        }
      }
    }
    await save(results);
    for (const { opened } of all) await opened.close();
    await end();
  }
}

export function tables(results) {
  const heads = ["applications", "processor", "page", "runs", "key", "sort", "select all", "INP", "longest frame while scrolling", "open a program", "heap, MB", "all states, s", "ratio of key"];
  return table(
    heads,
    results.map((result, at) => {
      const own = results.slice(0, at + 1).findLast(({ title }) => title === "Quiesce");
      const of = (name) => result.runs.map((it) => it[name] ?? Number.NaN);
      return [
        result.fleet.toLocaleString("en-US"),
        processor(result),
        result.title,
        result.runs.length,
        ...["key", "sort", "select", "inp", "scroll", "open"].map((name) => spread(of(name))),
        figure(result.memory),
        figure(result.states / 1_000),
        ratio(of("key"), own.runs.map((it) => it.key)),
      ];
    }),
    3,
  );
}

/** The median INP of a page. */
export const inp = (result) => median(result.runs.map((it) => it.inp));

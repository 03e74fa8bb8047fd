// The pages that are compared, and what an operator does in each of them. All show the programs of the namespace
// `retail` at the same path, with the same roles and names.
import { demo } from "./demo.mjs";
import { front } from "./front.mjs";

/** Programs in one call for the latest runs: see src/pages/programs/fleet.rs. */
const CHUNK = 500;

/** Selects all programs that match, in a console: the button is there when a first one is selected. */
async function selectInConsole(page) {
  await page.getByRole("row").nth(1).getByRole("checkbox").check();
  return page.getByRole("button", { name: /^Select all [\d,]+ that match$/ });
}

/** Each page with its title, and what selects all programs. */
const CONSOLE = { title: "Quiesce", select: selectInConsole, opens: true };
const BEFORE = { ...CONSOLE, title: "Quiesce before" };
const REACT = { title: "React", select: (page) => page.getByRole("checkbox", { name: /^Select all/ }), opens: false };

/** Starts a demo for each build, and all pages before them: what is measured side by side. */
export async function sideBySide({ binary, before, peer }, fleet) {
  const servers = [await demo(binary, fleet)];
  const pages = [
    { ...CONSOLE, server: servers[0], front: await front(servers[0].url) },
    { ...REACT, server: servers[0], front: await front(servers[0].url, peer) },
  ];
  if (before) {
    servers.push(await demo(before, fleet));
    pages.push({ ...BEFORE, server: servers[1], front: await front(servers[1].url) });
  }
  return {
    pages,
    server: servers[0],
    end: async () => {
      await Promise.all(pages.map((it) => it.front.end()));
      for (const server of servers) server.end();
    },
  };
}

/** The pages in the order of a run: every second time the other way round. */
export const inOrder = (pages, run) => (run % 2 ? pages.toReversed() : pages);

export const listOf = ({ front }) => `${front.url}/ns/retail/programs`;

/** Opens the list and returns when its first rows were made, in milliseconds. */
export async function toRows(opened, of) {
  await opened.page.goto(listOf(of), { waitUntil: "commit" });
  await opened.page.waitForFunction(() => window.bench.rows);
  return opened.page.evaluate(() => window.bench.rows);
}

/** Until the page has nothing to do. */
export const idle = ({ page }) => page.evaluate(() => new Promise((done) => requestIdleCallback(done)));

/** Opens the list and waits until all states are read; the time until then, in milliseconds. */
export async function settled(opened, of) {
  const types = ["workflows", "spark", "services", "workers", "mapreduce"];
  const lists = await Promise.all(types.map((type) => of.server.ask("GET", type)));
  const calls = Math.ceil(lists.flat().length / CHUNK);
  of.front.reset();
  const began = performance.now();
  await toRows(opened, of);
  while (((await of.front.counts()).api["POST /runs"] ?? 0) < calls) await opened.page.waitForTimeout(50);
  await idle(opened);
  return performance.now() - began;
}

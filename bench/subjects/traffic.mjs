// Requests and bytes that an open console costs the router, by what it shows, and what many consoles cost.
import { open } from "../support/browser.mjs";
import { pipelines, quiet } from "../support/demo.mjs";
import { figure, kilobytes, table } from "../support/figures.mjs";
import { front } from "../support/front.mjs";
import { settled, sideBySide } from "../support/pages.mjs";

const FLEET = 1_000;
const MINUTE_MS = 60_000;
const CONSOLES = 200;

/** A console in one state: how it gets there from an open list. */
const STATES = [
  { state: "list of programs, nothing changes", reach: async () => {} },
  { state: "list of programs, one run starts every 2 s", busy: true, reach: async () => {} },
  { state: "list of programs, tab hidden", reach: ({ page }) => page.evaluate(() => window.bench.hide(true)) },
  { state: "one program", reach: ({ page }) => page.getByRole("rowheader").getByRole("link").first().click() },
  { state: "server", reach: ({ page }) => page.goto(new URL("/server", page.url()).href) },
];

/** Starts one pipeline after the other; returns what ends it. */
export function starting(server, elements) {
  let at = 0;
  const timer = setInterval(() => {
    at = (at + 1) % elements.length;
    server.ask("POST", "start", [elements[at]]).catch(console.error);
  }, 2_000);
  return () => clearInterval(timer);
}

export async function run({ browser, save, ...builds }) {
  const results = [];
  for (const busy of [false, true]) {
    const { pages, server, end } = await sideBySide({ binary: builds.binary, peer: builds.peer }, FLEET);
    const elements = await pipelines(server);
    await quiet(server);
    const all = [];
    const [console, react] = pages;
    for (const { state, reach } of STATES.filter((it) => Boolean(it.busy) === busy)) {
      const of = { ...console, front: await front(server.url) };
      all.push({ title: console.title, state, reach, of });
    }
    for (const it of all.filter((it) => it.state.startsWith("list")).slice()) {
      all.push({ ...it, title: react.title, of: { ...react, front: await front(server.url, builds.peer) } });
    }
    const stop = busy ? starting(server, elements) : () => {};
    for (const it of all) {
      it.opened = await open(browser);
      await settled(it.opened, it.of);
      await it.reach(it.opened);
    }
    await all[0].opened.page.waitForTimeout(5_000);
    for (const { of } of all) of.front.reset();
    await all[0].opened.page.waitForTimeout(MINUTE_MS);
    for (const { title, state, of, opened } of all) {
      const { requests, kinds } = await of.front.counts();
      results.push({ title, state, requests, bytes: Object.values(kinds).reduce((sum, kind) => sum + kind.bytes, 0) });
      await opened.close();
      await of.front.end();
    }
    stop();
    await end();
  }
  await save(results);
}

export function tables(results) {
  return table(
    ["page", "state", "requests a minute", "kB a minute", `${CONSOLES} pages: requests a second`, `${CONSOLES} pages: kB a second`],
    results.map(({ title, state, requests, bytes }) => [
      title,
      state,
      requests,
      kilobytes(bytes),
      figure((requests * CONSOLES) / 60),
      kilobytes((bytes * CONSOLES) / 60),
    ]),
    2,
  );
}

// Requests to the router when 1, 5 and 200 consoles show the same, with and without --share-reads.
//
// Pages in Chromium are recorded for a minute; HTTP clients then repeat their requests, with the pauses or at the
// moments of the pages.
import { open } from "../support/browser.mjs";
import { demo, pipelines, quiet } from "../support/demo.mjs";
import { figure, most, table } from "../support/figures.mjs";
import { front } from "../support/front.mjs";
import { settled } from "../support/pages.mjs";
import { coincidence, follow, random, record } from "../support/replay.mjs";
import { serve } from "../support/serve.mjs";
import { starting } from "./traffic.mjs";

const FLEET = 1_000;
const MINUTE_MS = 60_000;
/** Pages that are recorded in each state, opened one after the other. */
const PAGES = 3;
const NUMBERS = [1, 5, 200];
const SEED = 20;
/** How much later than the page a follower reads at most, in milliseconds: clocks and lines differ. */
const LATE_MS = 400;
/** Until all states were read twice, and until each follower has begun. */
const STEADY_MS = 45_000;
const SHARE = ["--share-reads"];

const toProgram = ({ page }) => page.getByRole("rowheader").getByRole("link").first().click();
const STATES = [
  { state: "list of programs, nothing changes", reach: async () => {} },
  { state: "one program", reach: toProgram },
  { state: "list of programs, one run starts every 2 s", busy: true, reach: async () => {} },
];

/** How followers read, and whether the pages that they repeat are those of a console that shares reads. */
const MODES = [
  { mode: "each on its own", options: [], sharing: false },
  { mode: "`--share-reads`, at different moments", options: SHARE, sharing: false },
  { mode: "`--share-reads`", options: SHARE, sharing: true },
];

/** A console in front of a sandbox, with what counts its requests to it. */
async function chain(binary, server, options) {
  const router = await front(server.url);
  const console = await serve(binary, router.url, options);
  return {
    router,
    console,
    end: () => {
      console.end();
      return router.end();
    },
  };
}

/** Records pages of one console in one state; their requests, and those that reached the router. */
async function recorded({ browser, binary, server, state, reach, sharing }) {
  const it = await chain(binary, server, sharing ? SHARE : []);
  const opened = [];
  for (let number = 0; number < PAGES; number += 1) {
    const page = await open(browser);
    const of = { server, front: await front(it.console.url) };
    await settled(page, of);
    await reach(page);
    opened.push({ ...page, of });
  }
  return async () => {
    it.router.reset();
    const recordings = await Promise.all(opened.map((page) => record(page, MINUTE_MS)));
    const { requests } = await it.router.counts();
    for (const page of opened) {
      await page.close();
      await page.of.front.end();
    }
    await it.end();
    return { state, sharing, recordings, requests };
  };
}

/** Repeats recordings as this number of followers; the requests to the router in a minute. */
async function repeated({ binary, server, recordings, options, sharing, number }) {
  const it = await chain(binary, server, options);
  const next = random(SEED);
  const followers = Array.from({ length: number }, (_, index) => {
    const how = sharing ? { moments: true, late: next() * LATE_MS } : { phase: next() * MINUTE_MS };
    return follow(it.console.url, recordings[index % recordings.length], how);
  });
  return async () => {
    it.router.reset();
    const worked = await it.console.worked();
    await new Promise((done) => setTimeout(done, MINUTE_MS));
    const { requests } = await it.router.counts();
    const result = { number, requests, worked: (await it.console.worked()) - worked };
    result.errors = followers.flatMap((follower) => follower.end());
    await Promise.all(followers.map(({ over }) => over));
    await it.end();
    return result;
  };
}

const pause = () => new Promise((done) => setTimeout(done, STEADY_MS));
const all = (measurements) => Promise.all(measurements.map((measure) => measure()));

export async function run({ browser, binary, save, log }) {
  const results = { pages: [], replays: [] };
  for (const busy of [false, true]) {
    const server = await demo(binary, FLEET);
    const elements = await pipelines(server);
    await quiet(server);
    const stop = busy ? starting(server, elements) : () => {};
    const pages = [];
    for (const it of STATES.filter((it) => Boolean(it.busy) === busy)) {
      for (const sharing of [false, true]) pages.push(await recorded({ browser, binary, server, sharing, ...it }));
    }
    log(`${pages.length * PAGES} pages are open`);
    await pause();
    const recordings = await all(pages);
    for (const { state, sharing, recordings: of, requests } of recordings) {
      const sent = of.map(({ steps }) => steps.length);
      const met = of.slice(1).map((other) => coincidence(other, of[0]));
      results.pages.push({ state, sharing, sent, met, requests });
    }
    const replays = [];
    for (const mode of MODES) {
      for (const { state, recordings: of } of recordings.filter(({ sharing }) => sharing === mode.sharing)) {
        for (const number of NUMBERS) {
          const measure = await repeated({ binary, server, recordings: of, number, ...mode });
          replays.push(async () => ({ state, mode: mode.mode, ...(await measure()) }));
        }
      }
    }
    log(`${replays.length} groups of followers read`);
    await pause();
    results.replays.push(...(await all(replays)));
    stop();
    server.end();
    await save(results);
  }
}

export function tables({ pages, replays }) {
  const rows = STATES.flatMap(({ state }) =>
    MODES.map(({ mode }) => {
      const group = replays.filter((it) => it.state === state && it.mode === mode);
      const of = (number) => group.find((it) => it.number === number);
      const [one, five, many] = NUMBERS.map(of);
      const limit = one.requests * 5;
      return [
        state,
        mode,
        one.requests,
        five.requests,
        figure(many.requests),
        figure(many.requests / one.requests),
        many.requests <= limit ? "yes" : "no",
        figure(many.worked),
        group.flatMap(({ errors }) => errors).length,
      ];
    }),
  );
  const numbers = ["1 console: requests a minute", "5 consoles", "200 consoles"];
  const heads = ["state", "consoles read", ...numbers, "ratio of 200 to 1", "at most 5", "server with 200: processor, s a minute", "failed requests"];
  const recorded = pages.map(({ state, sharing, sent, met, requests }) => [
    state,
    sharing ? "`--share-reads`" : "each on its own",
    sent.join(", "),
    requests,
    figure(requests / most(sent)),
    met.map((share) => `${figure(share * 100)} %`).join(", "),
  ]);
  const names = ["state", "pages read", "sent by each page", "to the router", "ratio to one page", "also sent by the first page within a second"];
  return `${table(heads, rows, 2)}\n\nThe ${PAGES} recorded pages:\n\n${table(names, recorded, 2)}`;
}

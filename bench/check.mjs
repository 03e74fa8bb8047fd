// Fails if the first rows of the console take much longer than those of the page in React, in pairs of runs next to each
// other: `cargo xtask ci`. Both wait for the same machine, so that their ratio says more than a time.
import { parseArgs } from "node:util";
import { launch, open } from "./support/browser.mjs";
import { median, spread } from "./support/figures.mjs";
import { inOrder, sideBySide, toRows } from "./support/pages.mjs";

const FLEET = 1_000;
const PAIRS = 5;
/** The ratio was 0.9 to 1.5 in all measurements, on machines with up to ten times more work than cores. */
const LIMIT = 3;

const { values } = parseArgs({ options: { binary: { type: "string" }, peer: { type: "string" } } });
const browser = await launch();
const { pages, end } = await sideBySide(values, FLEET);
const times = new Map(pages.map((of) => [of, []]));
// The first pair fills the caches of the server and is not counted.
for (let pair = -1; pair < PAIRS; pair += 1) {
  for (const of of inOrder(pages, pair)) {
    const opened = await open(browser);
    const rows = await toRows(opened, of);
    if (pair >= 0) times.get(of).push(rows);
    await opened.close();
  }
}
await end();
await browser.close();
const [own, peer] = pages.map((of) => times.get(of));
const ratio = median(own.map((time, pair) => time / peer[pair]));
for (const of of pages) console.log(`    ${of.title}: first rows after ${spread(times.get(of))} ms`);
console.log(`    median of the ratios: ${ratio.toFixed(2)}, at most ${LIMIT}`);
if (ratio > LIMIT) process.exitCode = 1;

import { expect, type Page } from "@playwright/test";
import type { RunRecord } from "./cdap.js";

/** When the page showed ends, in milliseconds. */
interface Shown {
  /** How many runs had ended, each time that it changed. */
  counts: [at: number, ended: number][];
  /** The runs in the table, by their ids. */
  runs: Record<string, number>;
}

/** Notes in the page, from now on, when the progress of a stop shows ends. It has to be called before the stop. */
export async function noteEnds(page: Page): Promise<void> {
  await page.evaluate(() => {
    const shown: Shown = { counts: [], runs: {} };
    Object.assign(window, { shownEnds: shown });
    const note = () => {
      const result = document.querySelector('[aria-label="Result"] [role="status"]')?.textContent ?? "";
      const ended = Number(/^([\d,]+) of /.exec(result)?.[1]?.replaceAll(",", ""));
      if (ended > (shown.counts.at(-1)?.[1] ?? 0)) shown.counts.push([Date.now(), ended]);
      for (const row of document.querySelectorAll('table[aria-label="Runs being stopped"] tbody tr')) {
        const run = row.querySelector("code[title]")?.getAttribute("title") ?? "";
        const state = row.querySelector('[data-label="State"]')?.textContent ?? "";
        if (/Killed|Completed|Failed/.test(state)) shown.runs[run] ??= Date.now();
      }
    };
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}

async function shownEnds(page: Page): Promise<Shown> {
  return page.evaluate(() => (window as unknown as { shownEnds: Shown }).shownEnds);
}

/** The whole second in which the server says that a run ended; the run can have ended at any time in it. */
const lastMoment = ({ end }: { end?: number }) => ((end as number) + 1) * 1_000;

/** How late the page counted each of these ends, in milliseconds, the latest last. They are all ends of the stop. */
export async function countedLate(page: Page, records: { end?: number }[]): Promise<number[]> {
  const { counts } = await shownEnds(page);
  const ends = records.map(lastMoment).sort((one, other) => one - other);
  const late = ends.map((end, place) => (counts.find(([, ended]) => ended > place)?.[0] ?? Number.POSITIVE_INFINITY) - end);
  return late.sort((one, other) => one - other);
}

/** How late the page showed the end of this run in its table, in milliseconds. */
export async function shownLate(page: Page, record: RunRecord): Promise<number> {
  const at = (await shownEnds(page)).runs[record.runid];
  expect(at, `the end of ${record.runid} is shown`).toBeDefined();
  return (at as number) - lastMoment(record);
}

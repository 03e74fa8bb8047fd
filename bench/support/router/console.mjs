// The console before a real router: what its open pages request, and an upgrade and a stop as an operator does them.
import { open } from "../browser.mjs";
import { backUp, openStop, press, pressable, selectAndReview, upgradeAll } from "../forms.mjs";
import { front } from "../front.mjs";
import { laps } from "../laps.mjs";
import { PIPELINES, WORKERS } from "./fleet.mjs";

const MINUTE_MS = 60_000;
const PATIENCE_MS = 3_600_000;
/** The calls that read the first 2,000 programs, 500 a call: then a list is complete. */
const READ = 4;

/** The states of an open console, each with its address. */
const states = (name) => [
  { state: "list of programs, nothing changes", path: `/ns/${PIPELINES}/programs` },
  { state: "list of programs, tab hidden", path: `/ns/${PIPELINES}/programs`, hidden: true },
  { state: "one program", path: `/ns/${PIPELINES}/apps/${name}/workflows/DataPipelineWorkflow` },
  { state: "server", path: "/server" },
  { state: "list of applications to upgrade", path: `/ns/${PIPELINES}/upgrade` },
];

/** What each state requests in a minute, by name; all of them are open at the same time. */
export async function traffic(browser, url, name) {
  const all = [];
  for (const { state, path, hidden } of states(name)) {
    const between = await front(url);
    const opened = await open(browser);
    await opened.page.goto(`${between.url}${path}`);
    await opened.page.getByRole("row").nth(1).waitFor();
    while (path.endsWith("programs") && ((await between.counts()).api["POST /runs"] ?? 0) < READ) {
      await opened.page.waitForTimeout(100);
    }
    if (hidden) await opened.page.evaluate(() => window.bench.hide(true));
    all.push({ state, opened, between });
  }
  await all[0].opened.page.waitForTimeout(10_000);
  for (const { between } of all) between.reset();
  await all[0].opened.page.waitForTimeout(MINUTE_MS);
  const results = [];
  for (const { state, opened, between } of all) {
    const { requests, api, kinds } = await between.counts();
    results.push({ state, requests, api, bytes: Object.values(kinds).reduce((sum, kind) => sum + kind.bytes, 0) });
    await opened.close();
    await between.end();
  }
  return results;
}

/** Until the wizard is at a step: the button of the step before has the same name. */
const at = (page, step) =>
  page.getByRole("list", { name: "Steps" }).locator('[aria-current="step"]').filter({ hasText: step }).waitFor();

/** Presses the button that a step offers, or Continue if the step has nothing to do. */
async function pass(page, name) {
  await at(page, name);
  await pressable(page, new RegExp(`^(${name}|Continue)$`));
  const offered = page.getByRole("button", { name, exact: true });
  if ((await offered.count()) && (await offered.isEnabled())) {
    await offered.click();
    await press(page, "Continue");
  } else await page.getByRole("button", { name: "Continue", exact: true }).click();
}

/** Upgrades the applications whose names contain a text, in the wizard: the phases, and how many there were. */
export async function upgrade(browser, url, text, log) {
  const between = await front(url);
  const opened = await open(browser, { timeout: PATIENCE_MS });
  const { page } = opened;
  const { rows, lap } = await laps(opened, between);
  const step = async (phase) => {
    await lap(phase);
    log(`${phase}: ${rows.at(-1).seconds.toFixed(1)} s`);
  };
  await selectAndReview(page, `${between.url}/ns/${PIPELINES}/upgrade?q=${text}`, step);
  await pass(page, "Pause schedules");
  await pass(page, "Stop runs");
  await at(page, "Back up");
  await backUp(page, step);
  const count = await upgradeAll(page);
  await step("upgraded");
  await opened.close();
  await between.end();
  return { rows, count: Number(count.replaceAll(",", "")) };
}

/** Stops these runs in the form of a stop, until the page shows all ends. */
export async function stop(browser, url, elements) {
  const between = await front(url);
  const opened = await open(browser, { timeout: PATIENCE_MS });
  const { page } = opened;
  const programs = elements.map((it) => `${it.appId}/workers/${it.programId}`);
  const { rows, lap } = await openStop(page, `${between.url}/ns/${WORKERS}`, programs, () => laps(opened, between));
  const name = /^Stop [\d,]+ runs$/;
  await pressable(page, name);
  await lap("the form is ready");
  await press(page, name);
  const count = elements.length.toLocaleString("en-US");
  const all = `${count} of ${count}`;
  await page.waitForFunction((text) => document.querySelector(".summary .figure")?.textContent === text, all);
  await lap("all ends are shown");
  await opened.close();
  await between.end();
  return { rows, count: elements.length };
}

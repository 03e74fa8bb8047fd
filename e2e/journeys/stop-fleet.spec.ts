import { countedLate, noteEnds } from "../support/ends.js";
import type { Relay } from "../support/relay.js";
import { type Sandbox, expect, test } from "../support/sandbox.js";

test.use({ fleet: 1_200 });

const workflow = { programType: "Workflow", programId: "DataPipelineWorkflow" };

/** Starts this number of workflows of the fleet and returns their applications. */
async function started(sandbox: Sandbox, count: number): Promise<string[]> {
  const list = await (await fetch(`${sandbox.url}/v3/namespaces/retail/workflows`)).json();
  const names = (list as { app: string }[])
    .map((it) => it.app)
    .filter((it) => /_\d{5}$/.test(it))
    .slice(0, count);
  expect(names).toHaveLength(count);
  const elements = names.map((appId) => ({ appId, ...workflow }));
  const answer = await fetch(`${sandbox.url}/v3/namespaces/retail/start`, {
    method: "POST",
    body: JSON.stringify(elements),
  });
  expect(answer.ok, await answer.text()).toBe(true);
  return names;
}

const asked = (relay: Relay) => relay.exchanges.filter((it) => it.target.startsWith("/v3"));

for (const { programs, most } of [
  { programs: 50, most: 20 },
  { programs: 1000, most: 100 },
]) {
  test(`the stop form of ${programs} programs takes at most ${most} requests`, async ({ page, sandbox, relay }) => {
    const names = await started(sandbox, programs);
    await page.goto("/about-nothing");
    const selection = names.map((app) => `program=${app}/workflows/DataPipelineWorkflow`).join("\n");
    await page.evaluate((kept) => sessionStorage.setItem("quiesce.selection", kept), selection);
    relay.exchanges.length = 0;

    const began = Date.now();
    await page.goto("/ns/retail/stop?selection=kept");
    const table = page.getByRole("table", { name: /^Runs to stop/ });
    await expect(table.getByRole("row").nth(2)).toBeVisible();
    await expect(page.getByRole("button", { name: /^Stop [\d,.\s]+ runs$/ })).toBeEnabled({ timeout: 30_000 });
    const stop = page.getByRole("button", { name: /^Stop [\d,.\s]+ runs$/ });
    await expect(stop).not.toHaveAttribute("aria-disabled", "true", { timeout: 30_000 });
    const took = Date.now() - began;

    await expect(stop).toHaveText(`Stop ${programs.toLocaleString("en-US")} runs`);
    const elements = await page.evaluate(() => document.querySelectorAll("*").length);
    const requests = asked(relay).length;
    console.log(`${programs} programs: ${requests} requests, ${took} ms, ${elements} elements`);
    expect(requests).toBeLessThanOrEqual(most);
    expect(elements).toBeLessThan(5_000);
    expect(relay.writes).toEqual([]);

    // Programs that ran before may run twice: nothing says that they were read in full until the operator asks for it.
    const check = page.getByRole("button", { name: /^Check [\d,.\s]+ programs?$/ });
    const shallow = Number(/[\d,]+/.exec((await check.textContent()) ?? "")?.[0].replaceAll(",", ""));
    relay.exchanges.length = 0;
    const unread = table.getByText("Past stops unknown: only its latest run was read.");
    // Of 1,000, none of the rows that are drawn at first.
    if (programs === 50) await expect(unread.first()).toBeVisible();
    await check.click();
    await expect(page.getByText("may have more active runs")).toBeHidden({ timeout: 60_000 });
    await expect(unread).toHaveCount(0);
    await expect(stop).not.toHaveAttribute("aria-disabled", "true", { timeout: 30_000 });
    expect(asked(relay).length, "the runs of each program, and one list of versions").toBeLessThanOrEqual(shallow + 1);
  });
}

test("leaving the stop form ends its reading", async ({ page, sandbox, relay }) => {
  const names = await started(sandbox, 1000);
  await page.goto("/about-nothing");
  const selection = names.map((app) => `program=${app}/workflows/DataPipelineWorkflow`).join("\n");
  await page.evaluate((kept) => sessionStorage.setItem("quiesce.selection", kept), selection);
  await page.goto("/ns/retail/stop?selection=kept");
  const check = page.getByRole("button", { name: /^Check [\d,.\s]+ programs$/ });
  await check.click({ timeout: 30_000 });
  await expect(page.getByRole("button", { name: /^Stop [\d,.\s]+ runs$/ })).toHaveAttribute("aria-disabled", "true");
  await page.getByRole("link", { name: "Server" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "Server" })).toBeVisible();
  const runs = () => relay.exchanges.filter((it) => it.method === "GET" && /\/runs$/.test(it.target)).length;
  expect(runs()).toBeLessThan(900);
});

test("the ends of 400 runs are shown at most 3 s late, in a few requests", async ({ page, sandbox, relay }) => {
  const names = await started(sandbox, 400);
  await page.goto("/about-nothing");
  const selection = names.map((app) => `program=${app}/workflows/DataPipelineWorkflow`).join("\n");
  await page.evaluate((kept) => sessionStorage.setItem("quiesce.selection", kept), selection);
  await page.goto("/ns/retail/stop?selection=kept");
  const stop = page.getByRole("button", { name: "Stop 400 runs", exact: true });
  await expect(stop).not.toHaveAttribute("aria-disabled", "true", { timeout: 30_000 });
  await noteEnds(page);
  relay.exchanges.length = 0;

  await stop.click();
  await expect(page.getByText("400 of 400 ended")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("link", { name: "Done", exact: true })).toBeVisible();

  const sent = asked(relay);
  const stops = sent.filter((it) => it.target.includes("/stop"));
  expect(stops).toHaveLength(20);
  expect(sent.length - stops.length, "requests that read").toBeLessThanOrEqual(40);
  const elements = names.map((appId) => ({ appId, ...workflow }));
  const answer = await fetch(`${sandbox.url}/v3/namespaces/retail/runs`, { method: "POST", body: JSON.stringify(elements) });
  const latest = (await answer.json()) as { runs: { end?: number }[] }[];
  const late = await countedLate(page, latest.flatMap((it) => it.runs));
  expect(late).toHaveLength(400);
  console.log(`400 ends: ${sent.length} requests, the last shown ${late.at(-1)} ms late`);
  expect(late.at(-1)).toBeLessThanOrEqual(3_000);
});

import type { Locator, Page } from "@playwright/test";
import { everyWay } from "../support/axe.js";
import { Console } from "../support/console.js";
import { Quiesce } from "../support/process.js";
import { expect, withErrors } from "../support/sandbox.js";
import { NEWER } from "../support/scene.js";
import { Wizard } from "../support/wizard.js";

// The guided tour of the demo, which no console before a server has. Connections are dropped here: the browser reports it.
const test = withErrors.extend<{ demo: Quiesce }>({
  demo: async ({}, use) => {
    const demo = await Quiesce.start("demo", "--listen", "127.0.0.1:0");
    await use(demo);
    await demo.end();
  },
  baseURL: async ({ demo }, use) => {
    await use(demo.url);
  },
});

const PIPELINE = "payments_kafka_live";
/** Batch pipelines of the demo on the older version of their artifact; a run of the first one is active. */
const FIVE = ["customer_360_hourly", "returns_daily", "supplier_scorecard", "store_traffic_hourly", "tax_report_monthly"];

const tour = (page: Page): Locator => page.getByRole("complementary", { name: "Guided tour" });
const press = (page: Page, name: string): Promise<void> => tour(page).getByRole("button", { name, exact: true }).click();
const open = (page: Page, name: string): Promise<void> => tour(page).getByRole("link", { name, exact: true }).click();

interface Received {
  method: string;
  target: string;
  body: string;
  status?: number;
}

/** What the sandbox received. */
async function received(demo: Quiesce, method: string, path: RegExp): Promise<Received[]> {
  const all = (await (await fetch(`${demo.url}/sandbox/requests?method=${method}`)).json()) as Received[];
  return all.filter((it) => path.test(it.target));
}

async function isAt(page: Page, step: number, title: string): Promise<void> {
  await expect(tour(page).getByRole("heading", { name: title })).toBeVisible();
  await expect(tour(page)).toContainText(`Step ${step} of 7`);
}

/** The step is done, by what happened on the page. */
async function isDone(page: Page, timeout = 20_000): Promise<void> {
  await expect(tour(page).getByText("Done", { exact: true })).toBeVisible({ timeout });
}

async function begin(page: Page): Promise<void> {
  await page.goto("/ns/retail/programs");
  await press(page, "Take the tour");
  await isAt(page, 1, "See what a stop would do");
}

/** From the selection of five applications to the step that upgrades them. */
async function prepare(page: Page): Promise<Wizard> {
  const wizard = new Wizard(page, "retail");
  await wizard.isThere();
  await wizard.review(...FIVE);
  await wizard.stop();
  await wizard.backUp();
  await wizard.goOn();
  await wizard.isAt("Upgrade");
  return wizard;
}

test("the tour leads through a stop, an upgrade of five and two failures, and each step is done by what the server did", async ({
  page,
  demo,
}) => {
  await begin(page);
  await expect(tour(page), "the card has the focus").toBeFocused();
  await expect(page.getByText("Step 1 of 7: See what a stop would do", { exact: false })).toBeAttached();
  await open(page, "Open the pipeline");
  await expect(page.getByRole("heading", { level: 1 })).toContainText(PIPELINE);
  await expect(page.getByRole("region", { name: "If stopped now" })).toBeVisible();
  await isDone(page);
  await press(page, "Next");

  await isAt(page, 2, "Stop it with a grace period");
  await open(page, "Open the stop form");
  const console = new Console(page);
  await console.grace("Custom").check();
  await console.duration.fill("1m");
  await console.confirm(1);
  await isDone(page);
  await press(page, "Next");

  await isAt(page, 3, "Compare requested and applied");
  await expect(console.runsBeingStopped).toContainText("1m");
  await expect(console.runsBeingStopped).toContainText("300 s", { timeout: 30_000 });
  await isDone(page, 120_000);
  // Without the probe of the server's capabilities.
  const stops = (await received(demo, "POST", /\/stop(\?|$)/)).filter((it) => !it.target.endsWith("graceful=-1"));
  expect(stops.map((it) => it.target.split("?")[1])).toEqual(["graceful=60"]);
  expect(stops[0]?.target.concat(stops[0].body)).toContain(PIPELINE);
  await press(page, "Next");

  await isAt(page, 4, "Upgrade five pipelines");
  await open(page, "Open the list");
  await prepare(page);
  await isDone(page);
  await press(page, "Next");

  await isAt(page, 5, "Break something");
  await press(page, "Lose the next response");
  await expect(tour(page).getByRole("status")).toContainText("The server will perform the next upgrade request");
  await isDone(page);
  await press(page, "Make the server unavailable for 20 s");
  await expect(tour(page).getByRole("status")).toContainText("The server is unavailable for 20 s.");
  const upgrades = () => received(demo, "POST", /\/upgrade/);
  expect(await upgrades(), "nothing was upgraded before").toEqual([]);
  await new Wizard(page, "retail").upgrade.click();
  await expect(page.getByRole("alert").filter({ hasText: /does not answer/ })).toBeVisible();
  await press(page, "Next");

  await isAt(page, 6, "Watch the wizard recover");
  await isDone(page, 120_000);
  await expect(page.getByRole("alert").filter({ hasText: /does not answer/ })).toHaveCount(0);
  const sent = await upgrades();
  // The browser itself repeats a request whose reused connection was closed: the sandbox closes twice.
  expect(sent.filter((it) => it.status === undefined), "a response was lost").toHaveLength(2);
  for (const app of FIVE) {
    const own = sent.filter((it) => it.target.concat(it.body).includes(app)).map((it) => it.status === undefined);
    expect([[false], [true], [true, true]], `${app}: the console sends nothing twice`).toContainEqual(own);
    const answer = await fetch(`${demo.url}/v3/namespaces/retail/apps/${app}`);
    expect(((await answer.json()) as { artifact: { version: string } }).artifact.version, app).toBe(NEWER);
  }
  await press(page, "Next");

  await isAt(page, 7, "That was the tour");
  await expect(tour(page).getByRole("link", { name: "Operator's guide" })).toHaveAttribute("href", "/docs/guide");
  await press(page, "Leave tour");
  await expect(tour(page)).toHaveCount(0);
  await page.goto("/ns/retail/programs");
  await expect(page.getByRole("table", { name: "Programs" }).getByRole("link").first()).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByText("Start the guided tour, or go to it"), "the tour is loaded, and not offered").toBeVisible();
  await expect(tour(page)).toHaveCount(0);
});

test("the tour survives a reload, is left at any step, and starts again from the palette and by a key", async ({ page }) => {
  await begin(page);
  await expect(tour(page).getByRole("button", { name: "Back" })).toHaveAccessibleDescription("This is the first step.");
  await press(page, "Next");
  await press(page, "Next");
  await isAt(page, 3, "Compare requested and applied");
  await page.reload();
  await isAt(page, 3, "Compare requested and applied");
  await page.getByRole("link", { name: "History" }).click();
  await expect(page.getByRole("heading", { name: "History", level: 1 })).toBeVisible();
  await press(page, "Back");
  await isAt(page, 2, "Stop it with a grace period");
  await page.getByRole("link", { name: "Programs", exact: true }).first().click();
  await press(page, "Leave tour");
  await expect(tour(page)).toHaveCount(0);

  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Search or jump to" });
  await palette.getByRole("combobox").fill("take the tour");
  await palette.getByRole("option", { name: /Take the tour/ }).click();
  await isAt(page, 1, "See what a stop would do");
  await press(page, "Leave tour");
  await page.getByRole("heading", { level: 1 }).focus();
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await isAt(page, 1, "See what a stop would do");
  await expect(tour(page)).toBeFocused();
});

test("an offer that is dismissed does not return", async ({ page }) => {
  await page.goto("/ns/retail/programs");
  await press(page, "Dismiss");
  await page.reload();
  await expect(page.getByRole("table", { name: "Programs" }).getByRole("link").first()).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByText("Start the guided tour, or go to it")).toBeVisible();
  await expect(tour(page)).toHaveCount(0);
});

test("the failures wait for an upgrade, and the card covers no button of a narrow page", async ({ page }) => {
  test.slow();
  await page.setViewportSize({ width: 400, height: 900 });
  await begin(page);
  for (let step = 1; step < 5; step += 1) await press(page, "Next");
  await isAt(page, 5, "Break something");
  await expect(tour(page).getByRole("button", { name: "Lose the next response" })).toHaveAttribute("aria-disabled", "true");
  await open(page, "Open the list");
  // Each button is pressed where it is: one that the card covers could not be.
  await prepare(page);
  await press(page, "Make the server unavailable for 20 s");
  await new Wizard(page, "retail").upgrade.click();
  await press(page, "Next");
  await isDone(page, 120_000);
});

test("leaving the tour removes the failures that it armed, and no others", async ({ page, demo }) => {
  test.slow();
  const faults = `${demo.url}/sandbox/faults`;
  const waiting = async () => ((await (await fetch(faults)).json()) as { name: string }[]).map((it) => it.name);
  await begin(page);
  for (let step = 1; step < 5; step += 1) await press(page, "Next");
  await open(page, "Open the list");
  await prepare(page);
  await fetch(faults, { method: "POST", body: JSON.stringify({ name: "cut", path: "/nothing" }) });
  await press(page, "Lose the next response");
  await press(page, "Make the server unavailable for 20 s");
  await expect(tour(page).getByRole("status")).toContainText("The server is unavailable for 20 s.");
  expect(await waiting()).toEqual(["cut", "drop-after"]);
  await expect(fetch(`${demo.url}/ping`)).rejects.toThrow();
  await press(page, "Leave tour");
  await expect.poll(waiting).toEqual(["cut"]);
  expect((await fetch(`${demo.url}/ping`)).status, "the server is available").toBe(200);
});

test("axe finds nothing in the offer and the card", async ({ page }) => {
  await page.goto("/ns/retail/programs");
  await expect(tour(page)).toBeVisible();
  expect(await everyWay(page), "offer").toEqual([]);
  await press(page, "Take the tour");
  await isAt(page, 1, "See what a stop would do");
  expect(await everyWay(page), "card").toEqual([]);
});

withErrors("a console before a server has no tour, although the server is a sandbox", async ({ page }) => {
  const parts = () =>
    page.evaluate(() =>
      performance
        .getEntriesByType("resource")
        .map((it) => new URL(it.name).pathname)
        .filter((it) => it.startsWith("/part-")),
    );
  await page.goto("/ns/retail/programs");
  await expect.poll(async () => (await parts()).length, "all other parts are loaded in advance").toBe(5);
  expect((await parts()).filter((it) => it.startsWith("/part-demo-"))).toEqual([]);
  await expect(tour(page)).toHaveCount(0);
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Search or jump to" });
  await palette.getByRole("combobox").fill("take the tour");
  await expect(palette.getByRole("option", { name: /tour/ })).toHaveCount(1);
  await expect(palette.getByRole("option")).toContainText("Search the list of programs");
});

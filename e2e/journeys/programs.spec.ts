import { Console } from "../support/console.js";
import { clicks, customers, invoices, poller, report, service } from "../support/cdap.js";
import { expect, test } from "../support/test.js";

test("the fleet lists what runs, with its kind, state and artifact", async ({ page, cdap }) => {
  await cdap.only(poller, {});
  await cdap.quiet(service);
  await cdap.only(report, { wait: "300" }, { wait: "301" });
  const console = new Console(page);
  await console.openPrograms();

  await expect(console.row(poller)).toContainText("Worker");
  await expect(console.row(poller)).toContainText("Running");
  await expect(console.row(poller)).toContainText("sample-app 1.0.0");
  await expect(console.row(service)).not.toContainText("Running");
  await expect(console.row(report)).toContainText("Running");
  await expect(console.row(clicks)).toContainText("Real-time");
  await expect(console.row(clicks)).toContainText("cdap-data-streams 6.10.0");
  await expect(console.row(invoices)).toContainText("Batch");
});

test("search, filter and sort are in the address and survive a reload", async ({ page, cdap }) => {
  await cdap.only(poller, {});
  const console = new Console(page);
  await console.openPrograms();
  await console.search.fill("stockp");
  await expect(console.row(poller)).toBeVisible();
  await expect(console.row(clicks)).toHaveCount(0);
  await expect(page).toHaveURL(/q=stockp/);
  await page.reload();
  await expect(console.search).toHaveValue("stockp");
  await expect(console.row(poller)).toBeVisible();
  await expect(console.row(clicks)).toHaveCount(0);

  await console.search.fill("nothing has this name");
  await expect(page.getByText(/Nothing matches/)).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(console.row(clicks)).toBeVisible();
});

test("what is read again leaves the focus and the words where they are", async ({ page, cdap, relay }) => {
  await cdap.only(poller, {});
  const console = new Console(page);
  await console.openPrograms();
  // A tab that is shown again reads at once. The page draws what it read before it reads again.
  const readAgain = async (request: RegExp) => {
    const reads = () => relay.exchanges.filter((it) => request.test(`${it.method} ${it.target}`)).length;
    for (let round = 0; round < 2; round += 1) {
      const before = reads();
      await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
      await expect.poll(reads).toBeGreaterThan(before);
    }
  };
  const ofList = /^POST .*\/runs$/;
  const ofProgram = /^GET .*\/runs(\?|$)/;
  await console.search.pressSequentially("stock");
  await readAgain(ofList);
  await expect(console.search).toBeFocused();
  await page.keyboard.type("p");
  await expect(console.search).toHaveValue("stockp");
  const box = console.row(poller).getByRole("checkbox");
  await box.focus();
  await readAgain(ofList);
  await expect(box).toBeFocused();

  await console.openProgram(poller);
  const stop = page.getByRole("table").getByRole("link", { name: /^Stop/ }).first();
  await stop.focus();
  await readAgain(ofProgram);
  await expect(stop).toBeFocused();
});

test("rows, a page of them and all that match are chosen, and what is chosen leads to the form", async ({
  page,
  cdap,
  relay,
}) => {
  await cdap.only(poller, {});
  const console = new Console(page);
  await console.openPrograms();
  const all = (await console.programs.getByRole("row").count()) - 1;
  const bar = page.getByRole("region", { name: "Selection" });
  await expect(bar).toHaveCount(0);
  await console.select(poller);
  await expect(bar).toContainText("1 program selected, 1 active");
  await bar.getByRole("button", { name: `Select all ${all} that match` }).click();
  await expect(bar).toContainText(`${all} programs selected`);
  await bar.getByRole("button", { name: "Clear" }).click();
  await page.getByRole("checkbox", { name: `Select all ${all} on this page` }).check();
  await page.getByRole("checkbox", { name: `Select all ${all} on this page` }).uncheck();
  await expect(bar).toHaveCount(0);
  await console.select(poller);
  await console.select(invoices);
  await cdap.quiet(invoices);
  await page.getByRole("button", { name: "Stop 2 programs…" }).click();
  await expect(page.getByText(`1 of the selected programs is not running: ${invoices.app}.`)).toBeVisible();
  await expect(page.getByRole("button", { name: "Stop 1 run" })).toBeEnabled();
  expect(relay.writes).toEqual([]);
});

test("an active run of a superseded version is marked although the server calls its program stopped", async ({
  page,
  cdap,
}) => {
  await cdap.only(customers, { wait: "600" });
  await cdap.upgrade(customers.app);
  const status = await (await cdap.call("GET", `${cdap.path(customers)}/status`)).json();
  expect(status).toEqual({ status: "STOPPED" });

  const console = new Console(page);
  await console.openPrograms();
  await expect(console.row(customers)).toContainText("superseded version");
  await expect(console.row(customers)).toContainText("Running");
  await cdap.quiet(customers);
});

test("the fleet is read with few requests and only by reading", async ({ page, relay }) => {
  const console = new Console(page);
  await console.openPrograms();
  await expect(console.row(clicks)).toBeVisible();
  expect(relay.exchanges.filter((it) => it.target.startsWith("/v3")).length).toBeLessThanOrEqual(20);
  expect(relay.writes).toEqual([]);
});

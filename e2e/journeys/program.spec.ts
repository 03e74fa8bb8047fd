import { Console } from "../support/console.js";
import { clicks, orders, poller } from "../support/cdap.js";
import { expect, test } from "../support/test.js";

test("the page of a real-time program states its facts, the effect of a stop and its arguments", async ({
  page,
  cdap,
  relay,
}) => {
  const runid = await cdap.onlyRun(clicks, { "once.only": "1" });
  const console = new Console(page);
  await console.openProgram(clicks);

  const facts = page.getByRole("region", { name: "Facts" });
  await expect(facts).toContainText("cdap-data-streams 6.10.0");
  await expect(facts).toContainText(/Newest version.*redeploy only/);
  await expect(facts).toContainText(/Write-ahead log\s*On/);
  await expect(facts).toContainText(/State handling\s*Spark checkpoints/);
  await expect(facts).toContainText(/Graceful stop\s*Yes/);
  await expect(facts).toContainText(/Batch interval\s*5 s/);
  await expect(facts).toContainText(/Schedule\s*None/);

  const stop = page.getByRole("region", { name: "If stopped now" });
  await expect(stop).toContainText("No loss expected");
  await expect(stop.getByRole("link", { name: /^Why\?/ }).first()).toHaveAttribute("href", /docs\/loss#/);

  const args = page.getByRole("region", { name: "Runtime arguments" });
  await expect(args).toContainText(runid.slice(0, 8));
  await expect(args).toContainText(/once\.only\s*1\s*not saved/);
  expect(relay.writes, "the page only reads").toEqual([]);
  await cdap.quiet(clicks);
});

test("a batch program has its next start and the arguments that its macros require", async ({ page, cdap }) => {
  await cdap.onlyRun(orders, {});
  await cdap.quiet(orders);
  const console = new Console(page);
  await console.openProgram(orders);
  const facts = page.getByRole("region", { name: "Facts" });
  await expect(facts).toContainText(/Write-ahead log\s*Not applicable/);
  await expect(facts).toContainText(/Schedule\s*Enabled\s*next/);
  const args = page.getByRole("region", { name: "Runtime arguments" });
  await expect(args).toContainText(/wait\s*20/);
  await expect(page.getByRole("region", { name: "If stopped now" })).toHaveCount(0);

  const name = "journey_required";
  await cdap.copy(orders.app, name);
  await console.openProgram({ ...orders, app: name });
  await expect(args).toContainText(/wait\s*Required, not set/);
  await expect(args).toContainText("1 required argument without a value");
  await cdap.remove(name);
});

test("runs have their requested and applied grace, and only active ones can be shown", async ({ page, cdap }) => {
  const ended = await cdap.onlyRun(poller, { drain: "1" });
  const console = new Console(page);
  await page.goto(console.stopForm({ program: poller, runid: ended }));
  await console.grace("Until drained").check();
  await console.confirm(1);
  await expect(console.stopped(ended)).toContainText("Killed");
  const active = await cdap.onlyRun(poller, {});

  await console.openProgram(poller);
  const runs = page.getByRole("table", { name: "Runs" });
  const row = (id: string) => runs.getByRole("row").filter({ hasText: id.slice(0, 8) });
  await expect(row(ended)).toContainText("until drained");
  await expect(row(ended)).toContainText("300 s");
  await expect(row(ended).getByRole("button", { name: `Copy run ID ${ended.slice(0, 8)}` })).toBeVisible();
  await expect(row(active)).toContainText("Running");
  await expect(page.getByRole("img", { name: /^Durations of the last \d+ runs/ })).toBeVisible();

  await page.getByRole("checkbox", { name: "Only active" }).check();
  await expect(row(ended)).toHaveCount(0);
  await expect(row(active)).toBeVisible();
  // The address has it, so that a link or a reload shows the same.
  await row(active).getByRole("button", { name: `Log of ${active.slice(0, 8)}` }).click();
  await expect(page).toHaveURL(new RegExp(`run=${active}&runs=active$`));
  await page.reload();
  await expect(page.getByRole("checkbox", { name: "Only active" })).toBeChecked();
  await expect(row(active)).toBeVisible();
  await expect(row(ended)).toHaveCount(0);
});

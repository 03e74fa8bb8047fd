import type { Page } from "@playwright/test";
import { type Program, invoices } from "../support/cdap.js";
import { Console } from "../support/console.js";
import { expect, test } from "../support/test.js";

const copy: Program = { ...invoices, app: "versions_copy" };
const versions = (page: Page) => page.getByRole("region", { name: "Versions" });
const rows = (page: Page) => versions(page).getByRole("table", { name: "Versions" }).getByRole("row");

test("two versions are compared, and the older one is restored as a new version", async ({ page, cdap, relay }) => {
  await cdap.remove(copy.app);
  await cdap.copy(invoices.app, copy.app);
  const first = await (await cdap.call("GET", `/apps/${copy.app}`)).json();
  const config = { ...JSON.parse(first.configuration), description: "Changed by a colleague" };
  const changed = await cdap.call("PUT", `/apps/${copy.app}`, { artifact: first.artifact, config });
  expect(changed.status, await changed.text()).toBe(200);
  const second = await (await cdap.call("GET", `/apps/${copy.app}`)).json();
  const old = first.appVersion.slice(0, 8);

  await new Console(page).openProgram(copy);
  await expect(rows(page)).toHaveCount(3);
  await expect(rows(page).nth(1)).toContainText("latest");
  await expect(rows(page).nth(1)).toContainText(second.appVersion.slice(0, 8));

  await expect(versions(page).getByRole("button", { name: `Copy version ID ${old}` })).toBeVisible();
  await versions(page).getByRole("button", { name: `Compare ${old}` }).click();
  const differences = versions(page).getByRole("table", { name: "Differences" });
  const row = differences.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "description" }) }).last();
  await expect(row).toContainText("Changed");
  await expect(row).toContainText("Changed by a colleague");

  await versions(page).getByRole("button", { name: `Restore… ${old}` }).click();
  const question = page.getByRole("dialog", { name: `Restore version ${old}?` });
  await expect(question).toContainText(`${copy.app} gets a new version`);
  await expect(question).toContainText(/It differs from the latest version in \d+ place/);
  expect(relay.writes, "nothing is sent before it is confirmed").toEqual([]);
  await question.getByRole("button", { name: "Restore version" }).click();
  await expect(versions(page).getByRole("alert")).toContainText(`Version ${old} was restored as`);
  await expect(rows(page)).toHaveCount(4);

  const latest = await (await cdap.call("GET", `/apps/${copy.app}`)).json();
  expect(JSON.parse(latest.configuration)).toEqual(JSON.parse(first.configuration));
  await expect(rows(page).nth(1)).toContainText(latest.appVersion.slice(0, 8));
  expect(relay.writes.map((it) => `${it.method} ${it.target}`)).toEqual([`PUT /v3/namespaces/default/apps/${copy.app}`]);
  expect(JSON.parse(relay.writes[0]?.body ?? "")).toEqual({
    artifact: first.artifact,
    config: JSON.parse(first.configuration),
    "app.deploy.update.schedules": false,
    change: { description: `Restore version ${first.appVersion}`, parentVersion: second.appVersion },
  });
  await cdap.remove(copy.app);
});

test("a restore is refused when another user deployed meanwhile, and the page says so", async ({ page, cdap }) => {
  await cdap.remove(copy.app);
  await cdap.copy(invoices.app, copy.app);
  const first = await (await cdap.call("GET", `/apps/${copy.app}`)).json();
  await cdap.copy(invoices.app, copy.app);
  const run = await cdap.start(copy, { wait: "120" });
  const old = first.appVersion.slice(0, 8);
  await new Console(page).openProgram(copy);
  await versions(page).getByRole("button", { name: `Restore… ${old}` }).click();
  const question = page.getByRole("dialog", { name: `Restore version ${old}?` });
  await expect(question).toContainText("1 run is active.");
  await expect(question.getByRole("button", { name: "Restore version" })).not.toHaveAttribute("aria-disabled", "true");
  await cdap.copy(invoices.app, copy.app);
  await question.getByRole("button", { name: "Restore version" }).click();
  const alert = versions(page).getByRole("alert");
  await expect(alert).toContainText(`Version ${old} was not restored.`);
  await expect(alert).toContainText("does not match the latest version");
  const known = (await (await cdap.call("GET", `/apps/${copy.app}/versions`)).json()) as string[];
  expect(known, "no version was added").toHaveLength(3);
  expect(known).toContain(run.version);
  await cdap.quiet(copy);
  await cdap.remove(copy.app);
});

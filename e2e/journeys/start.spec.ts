import { Console } from "../support/console.js";
import { report } from "../support/cdap.js";
import { expect, test } from "../support/test.js";

test("a program is started with runtime arguments, and its run and its log are seen", async ({ page, cdap, relay }) => {
  await cdap.quiet(report);
  const console = new Console(page);
  await console.openProgram(report);
  await expect(page.getByRole("button", { name: "Stop…", exact: true }), "nothing to stop").toHaveAttribute("aria-disabled", "true");
  await page.getByRole("button", { name: "Start…", exact: true }).click();
  const form = page.getByRole("region", { name: "Start" });
  await form.getByRole("button", { name: "Add an argument" }).click();
  await form.getByRole("textbox", { name: "Name" }).last().fill("wait");
  await form.getByRole("textbox", { name: "Value of wait" }).fill("3");
  await expect(form.getByRole("group", { name: "Request: Start" })).toContainText('{"wait":"3"}');
  expect(relay.writes, "nothing is sent before it is confirmed").toEqual([]);
  await form.getByRole("button", { name: "Start StockReport" }).click();

  const first = page.getByRole("table", { name: "Runs" }).getByRole("row").nth(1);
  await expect(first).toContainText(/Running|Starting|Pending/);
  await expect(first).toContainText("Completed", { timeout: 60_000 });
  const sent = relay.writes.map((it) => `${it.method} ${it.target} ${it.body}`);
  expect(sent).toEqual([`POST /v3/namespaces/default${cdap.path(report)}/start {"wait":"3"}`]);

  const [run] = await cdap.runs(report);
  await page.getByRole("button", { name: `Log of ${run?.runid.slice(0, 8)}` }).click();
  await expect(page.getByRole("list", { name: "Log lines" }).getByRole("listitem").first()).toBeVisible({ timeout: 60_000 });
});

import { expect, test } from "../support/test.js";

test("the server page shows the capabilities of the server with their evidence, and re-runs its checks", async ({
  page,
  relay,
}) => {
  await page.goto("/server");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByText("6.11.0").first()).toBeVisible();
  await expect(page.getByText("appfabric", { exact: true })).toBeVisible();
  await expect(page.getByText(/ignores/i).first()).toBeVisible();
  await expect(page.getByText(/stop\?graceful=-1/).first()).toBeVisible();
  await expect(page.getByText("app.program.max.stop.seconds").first()).toBeVisible();
  await expect(page.getByText(/300/).first()).toBeVisible();

  const probes = () => relay.exchanges.filter((it) => it.target.endsWith("/stop?graceful=-1"));
  const before = probes().length;
  expect(probes().every((it) => it.body === "[]")).toBe(true);
  await page.getByRole("button", { name: "Re-run checks" }).click();
  await expect.poll(() => probes().length).toBeGreaterThan(before);
  expect(relay.writes, "checks stop nothing").toEqual([]);
});

import { Quiesce } from "../support/process.js";
import { Sandbox, expect, test as base } from "../support/sandbox.js";

/** A test with a sandbox that has 120 more applications. */
const test = base.extend({
  sandbox: async ({}, use) => {
    const demo = await Quiesce.start("demo", "--listen", "127.0.0.1:0", "--fleet", "120");
    await use(new Sandbox(demo.url));
    await demo.end();
  },
});

test("a list of more than 50 programs has pages, and each row says which one of all it is", async ({ page }) => {
  await page.goto("/ns/retail/programs");
  const programs = page.getByRole("table", { name: "Programs" });
  const names = programs.getByRole("rowheader");
  const pages = page.getByRole("navigation", { name: "Pages" });
  const row = (place: number) => programs.getByRole("row").nth(place);
  await expect(names).toHaveCount(50);
  await expect(pages).toContainText(/1–50 of \d+/);
  const all = Number(/of (\d+)/.exec((await pages.textContent()) ?? "")?.[1]);
  await expect(programs).toHaveAttribute("aria-rowcount", String(all + 1));
  await expect(row(1), "the browser counts the rows of the first page").not.toHaveAttribute("aria-rowindex");
  await expect(pages.getByRole("button", { name: "Previous" })).toHaveAccessibleDescription("This is the first page.");
  const firstPage = await names.allTextContents();

  await pages.getByRole("button", { name: "Next" }).press("Enter");
  await expect(pages).toContainText(`51–100 of ${all}`);
  await expect(page).toHaveURL(/[?&]page=2/);
  await expect(row(1), "after the head and 50 rows").toHaveAttribute("aria-rowindex", "52");
  await expect(row(50)).toHaveAttribute("aria-rowindex", "101");
  const secondPage = await names.allTextContents();

  await page.reload();
  await expect(names).toHaveText(secondPage);
  await expect(row(50)).toHaveAttribute("aria-rowindex", "101");

  await pages.getByRole("button", { name: "Previous" }).click();
  await expect(names).toHaveText(firstPage);
  await expect(row(1)).not.toHaveAttribute("aria-rowindex");

  await pages.getByRole("button", { name: "Next" }).click();
  await expect(pages).toContainText("51–100");
  await page.getByRole("searchbox", { name: "Search programs" }).fill(/[a-z]+/.exec(firstPage[0] ?? "")?.[0] ?? "");
  await expect(page, "another filter begins with its first page").not.toHaveURL(/page=/);
  await expect(row(1)).not.toHaveAttribute("aria-rowindex");

  await page.goto("/ns/retail/programs?page=999");
  await expect(pages, "an address beyond the end shows the last page").toContainText(`–${all} of ${all}`);
  await expect(pages.getByRole("button", { name: "Next" })).toHaveAccessibleDescription("This is the last page.");
  await expect(programs.getByRole("row").last()).toHaveAttribute("aria-rowindex", String(all + 1));
});

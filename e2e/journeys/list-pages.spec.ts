import { expect, test } from "../support/sandbox.js";

test.use({ fleet: 120 });

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

test.describe("with more than 50,000 programs", () => {
  test.use({ fleet: 26_000 });

  test("what is typed or pressed is on screen a frame before its rows", async ({ page }) => {
    // The order by name lasts while states are read.
    await page.goto("/ns/retail/programs?sort=application");
    const programs = page.getByRole("table", { name: "Programs" });
    const names = programs.getByRole("rowheader");
    const search = page.getByRole("searchbox", { name: "Search programs" });
    await expect(names).toHaveCount(50);
    const all = await programs.getAttribute("aria-rowcount");
    const first = await names.first().textContent();
    const frames = await programs.evaluateHandle((table) => {
      const frames: unknown[] = [];
      const note = (event: Event) =>
        requestAnimationFrame(() => {
          const typed = event.target instanceof HTMLInputElement ? event.target.value : undefined;
          const order = table.querySelector("th[aria-sort]")?.getAttribute("aria-sort");
          frames.push([typed ?? order, table.getAttribute("aria-rowcount"), table.querySelector("tbody th")?.textContent]);
        });
      addEventListener("input", note);
      addEventListener("click", note);
      return frames;
    });

    await search.press("q");
    await expect(programs, "fewer rows").not.toHaveAttribute("aria-rowcount", all ?? "");
    await expect(page).toHaveURL(/q=q/);
    await expect(names.first()).toContainText("q");
    await search.fill("");
    await expect(programs).toHaveAttribute("aria-rowcount", all ?? "");
    await expect(names.first()).toHaveText(first ?? "");

    await programs.getByRole("button", { name: "Application" }).press("Enter");
    await expect(names.first(), "the last name").not.toHaveText(first ?? "");
    const [typed, , ordered] = await frames.jsonValue();
    expect(typed).toEqual(["q", all, first]);
    expect(ordered).toEqual(["descending", all, first]);
  });
});

import type { Page } from "@playwright/test";

/** The spacing of WCAG 1.4.12, as a reader may set it. */
export const WIDE_SPACING =
  "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }";

/** Adds a style as an extension of the browser would: the content policy does not hold it. */
export async function addStyle(page: Page, css: string): Promise<void> {
  await page.evaluate((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }, css);
}

export async function removeStyles(page: Page): Promise<void> {
  await page.evaluate(() => (document.adoptedStyleSheets = []));
}

/** Where the page scrolls sideways, and controls that are cut or outside of it. */
export async function cut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const { clientWidth, scrollWidth } = document.documentElement;
    // A page that may scroll sideways must still have everything within its width.
    const width = Math.max(clientWidth, scrollWidth);
    if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth} px wide in ${clientWidth}`);
    /** Whether an element lies in a region with its own scroll bar, such as a log. */
    const scrolls = (element: Element | null): boolean =>
      element !== null && (/auto|scroll/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    for (const control of document.querySelectorAll<HTMLElement>("a, button, input, select, summary, textarea")) {
      const { left, right, width: own } = control.getBoundingClientRect();
      if (own === 0 || !control.checkVisibility() || control.closest(".vh") || control.classList.contains("skip")) continue;
      const name = control.getAttribute("aria-label") ?? control.textContent ?? control.id;
      if ((left < -1 || right > width + 1) && !scrolls(control.parentElement)) {
        found.push(`"${name}" reaches from ${Math.round(left)} to ${Math.round(right)} of ${width}`);
      }
      const clips = getComputedStyle(control).overflowX !== "visible" || getComputedStyle(control).overflowY !== "visible";
      if (control.matches("button") && clips && control.scrollHeight > control.clientHeight + 2) {
        found.push(`"${name}" is cut: ${control.scrollHeight} px high in ${control.clientHeight}`);
      }
    }
    return found;
  });
}

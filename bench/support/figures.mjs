// Medians, spreads and tables.

export const median = (numbers) => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

export const most = (numbers) => (numbers.length ? Math.max(...numbers) : 0);

/** A number for a table: without decimals from 10 on, with separators. */
export const figure = (number) =>
  Number.isFinite(number)
    ? number.toLocaleString("en-US", { maximumFractionDigits: Math.abs(number) < 10 ? 1 : 0 })
    : "–";

/** Median, and the smallest and the largest in parentheses. */
export function spread(numbers) {
  const known = numbers.filter(Number.isFinite);
  if (!known.length) return "–";
  const [least, middle, largest] = [Math.min(...known), median(known), Math.max(...known)];
  return figure(least) === figure(largest) ? figure(middle) : `${figure(middle)} (${figure(least)}–${figure(largest)})`;
}

/** The median of the ratios of figures that were measured next to each other. */
export function ratio(numbers, to) {
  const ratios = numbers.map((number, run) => number / to[run]).filter(Number.isFinite);
  return ratios.length ? median(ratios).toFixed(2) : "–";
}

export const kilobytes = (bytes) => figure(bytes / 1_000);

/** A Markdown table; numbers and spreads are right-aligned from the column `numeric` on. */
export function table(heads, rows, numeric = 1) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const rule = heads.map((_, at) => (at < numeric ? "---" : "---:"));
  return [heads, rule, ...rows].map(line).join("\n");
}

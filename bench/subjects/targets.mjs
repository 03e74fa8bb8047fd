// The targets of the console, compared with what was measured last.
import { figure, median, table } from "../support/figures.mjs";
import { line, processor } from "./start.mjs";

const AS_IS = { slow: 1, megabits: 0 };
const SLOW = { slow: 4, megabits: 0 };
const LINE = { slow: 1, megabits: 10 };

/** Size of the fleet, condition, and the limit in milliseconds. */
const FIRST_ROWS = [
  [1_000, AS_IS, 300],
  [10_000, AS_IS, 600],
  [50_000, AS_IS, 1_000],
  [1_000, SLOW, 700],
  [10_000, SLOW, 1_200],
  [50_000, SLOW, 2_500],
  [1_000, LINE, 1_000],
];
const INP = [50_000, SLOW, 100];

function row(what, [fleet, condition, limit], result, name) {
  const measured = result && median(result.runs.map((it) => it[name]));
  const met = measured === undefined ? "not measured" : measured <= limit ? "met" : "not met";
  const where = [figure(fleet), processor(condition), line(condition)];
  return [what, ...where, figure(limit), measured === undefined ? "–" : figure(measured), met];
}

/** The table, from the results of `start` and `interaction`. */
export function tables({ start = [], interaction = [] }) {
  const own = (results, fleet, { slow, megabits }) =>
    results.find((it) => it.title === "Quiesce" && it.fleet === fleet && it.slow === slow && (it.megabits ?? 0) === megabits);
  const rows = FIRST_ROWS.map((target) => row("first rows", target, own(start, target[0], target[1]), "rows"));
  rows.push(row("INP of typing, sorting and selecting all", INP, own(interaction, INP[0], INP[1]), "inp"));
  return table(["figure", "applications", "processor", "line", "target, ms", "measured, ms", "result"], rows, 4);
}

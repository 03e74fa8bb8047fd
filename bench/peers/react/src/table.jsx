import { flexRender, getCoreRowModel, getFilteredRowModel, getSortedRowModel, useReactTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useDeferredValue, useMemo, useRef, useState } from "react";
import { isActive } from "./fleet.js";

const ROW = 40;
const RANKS = { RUNNING: 0, SUSPENDED: 0, PENDING: 1, STARTING: 1, STOPPING: 1, FAILED: 3, REJECTED: 3 };
const rank = (row) => RANKS[row.status] ?? 4;
const byName = (a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
const text = (value) => (a, b) => {
  const [left, right] = [value(a.original), value(b.original)];
  return left < right ? -1 : left > right ? 1 : byName(a.original, b.original);
};
const label = (status) => status[0] + status.slice(1).toLowerCase();
const number = new Intl.NumberFormat("en-US");
const dates = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeStyle: "medium" });

/** The states to filter by, as the console has them. */
const STATES = {
  Active: isActive,
  Running: (row) => rank(row) === 0,
  Changing: (row) => rank(row) === 1,
  Failed: (row) => rank(row) === 3,
  "Superseded version": (row) => row.older.length > 0,
};

function age(started) {
  const seconds = Math.max(0, Math.round(Date.now() / 1_000 - started));
  const [unit, size] = [["d", 86_400], ["h", 3_600], ["min", 60], ["s", 1]].find(([, size]) => seconds >= size) ?? ["s", 1];
  return `${Math.floor(seconds / size)} ${unit} ago`;
}

const columns = [
  { id: "application", header: "Application", accessorFn: (row) => row.app, sortingFn: text((row) => row.app) },
  { id: "program", header: "Program", accessorFn: (row) => row.name, sortingFn: text((row) => row.name) },
  { id: "kind", header: "Kind", accessorFn: (row) => row.kind, sortingFn: text((row) => row.kind) },
  {
    id: "artifact",
    header: "Artifact",
    accessorFn: (row) => (row.artifact ? `${row.artifact.name} ${row.artifact.version}` : ""),
    sortingFn: text((row) => (row.artifact ? `${row.artifact.name} ${row.artifact.version}` : "")),
  },
  {
    id: "state",
    header: "State",
    accessorFn: (row) => (row.status ? label(row.status) : row.read ? "Never ran" : "Loading"),
    sortingFn: (a, b) => rank(a.original) - rank(b.original) || byName(a.original, b.original),
  },
  {
    id: "started",
    header: "Started",
    accessorFn: (row) => row.started,
    sortUndefined: "last",
    sortingFn: (a, b) => (b.original.started ?? 0) - (a.original.started ?? 0) || byName(a.original, b.original),
    cell: ({ getValue }) =>
      getValue() === undefined ? "–" : <time title={dates.format(getValue() * 1_000)}>{age(getValue())}</time>,
  },
  {
    id: "run",
    header: "Latest run",
    enableSorting: false,
    accessorFn: (row) => row.run,
    cell: ({ getValue }) => (getValue() ? <code title={getValue()}>{getValue().slice(0, 8)}</code> : "–"),
  },
];

const Row = memo(
  function Row({ row, index, selected }) {
    return (
      <tr aria-rowindex={index + 2} aria-selected={selected || undefined}>
        <td>
          <input
            type="checkbox"
            aria-label={`Select ${row.original.app} ${row.original.name}`}
            checked={selected}
            onChange={row.getToggleSelectedHandler()}
          />
        </td>
        {row.getVisibleCells().map((cell, at) => {
          const content = flexRender(cell.column.columnDef.cell, cell.getContext());
          return at === 0 ? (
            <th scope="row" key={cell.id}>
              <a href={`#${row.original.key}`} title={row.original.app}>
                {content}
              </a>
            </th>
          ) : (
            <td key={cell.id}>{content}</td>
          );
        })}
        <td>
          <a className="button" href={`#stop-${row.original.key}`} aria-label={`Stop ${row.original.app}`}>
            Stop
          </a>
        </td>
      </tr>
    );
  },
  (before, after) =>
    before.row.original === after.row.original && before.index === after.index && before.selected === after.selected,
);

function Chips({ legend, counts, chosen, onChange }) {
  const toggle = (word) => onChange(chosen.includes(word) ? chosen.filter((it) => it !== word) : [...chosen, word]);
  return (
    <fieldset>
      <legend>{legend}</legend>
      {counts.map(([word, count]) => (
        <button key={word} type="button" aria-pressed={chosen.includes(word)} onClick={() => toggle(word)}>
          {word} {number.format(count)}
        </button>
      ))}
    </fieldset>
  );
}

export function Programs({ fleet }) {
  const [words, setWords] = useState("");
  const [states, setStates] = useState([]);
  const [kinds, setKinds] = useState([]);
  const [sorting, setSorting] = useState([{ id: "state", desc: false }]);
  const [rowSelection, setRowSelection] = useState({});
  // A key shows itself at once, and its result when it is there.
  const searched = useDeferredValue(words);
  const [stateCounts, kindCounts] = useMemo(() => {
    const kinds = new Map();
    for (const { kind } of fleet.rows) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    const states = Object.entries(STATES).map(([word, holds]) => [word, fleet.rows.filter(holds).length]);
    return [states, [...kinds]];
  }, [fleet]);
  const filter = useMemo(() => ({ words: searched.trim().toLowerCase(), states, kinds }), [searched, states, kinds]);
  const state = useMemo(() => ({ sorting, rowSelection, globalFilter: filter }), [sorting, rowSelection, filter]);
  const table = useReactTable({
    data: fleet.rows,
    columns,
    state,
    getRowId,
    globalFilterFn: shows,
    getColumnCanGlobalFilter: firstColumn,
    onSortingChange: setSorting,
    onRowSelectionChange: setRowSelection,
    enableSortingRemoval: false,
    getCoreRowModel: core,
    getFilteredRowModel: filtered,
    getSortedRowModel: sorted,
  });
  const { rows } = table.getRowModel();
  const frame = useRef(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    overscan: 8,
    initialRect: { width: innerWidth, height: innerHeight },
  });
  const items = virtualizer.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  const chosen = useMemo(() => Object.keys(rowSelection).length, [rowSelection]);
  const active = useMemo(
    () => fleet.rows.filter((row) => isActive(row) && rowSelection[row.key]).length,
    [fleet, rowSelection],
  );
  return (
    <>
      <form role="search" onSubmit={(event) => event.preventDefault()}>
        <input
          type="search"
          aria-label="Search programs"
          placeholder="Name, run ID or artifact"
          autoComplete="off"
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <Chips legend="State" counts={stateCounts} chosen={states} onChange={setStates} />
        <Chips legend="Kind" counts={kindCounts} chosen={kinds} onChange={setKinds} />
      </form>
      <div className="frame" ref={frame}>
        <table aria-label="Programs" aria-rowcount={rows.length + 1}>
          <thead>
            <tr>
              <th scope="col">
                <input
                  type="checkbox"
                  aria-label={`Select all ${number.format(rows.length)} that match`}
                  checked={table.getIsAllRowsSelected()}
                  onChange={table.getToggleAllRowsSelectedHandler()}
                />
              </th>
              {table.getFlatHeaders().map(({ column }) => {
                const sorted = column.getIsSorted();
                return (
                  <th scope="col" key={column.id} aria-sort={sorted ? (sorted === "desc" ? "descending" : "ascending") : undefined}>
                    {column.getCanSort() ? (
                      <button type="button" onClick={column.getToggleSortingHandler()}>
                        {column.columnDef.header}
                      </button>
                    ) : (
                      column.columnDef.header
                    )}
                  </th>
                );
              })}
              <th scope="col">Actions</th>
            </tr>
          </thead>
          <tbody>
            {above > 0 && <tr aria-hidden="true" style={{ height: above }} />}
            {items.map(({ index }) => {
              const row = rows[index];
              return <Row key={row.id} row={row} index={index} selected={row.getIsSelected()} />;
            })}
            {below > 0 && <tr aria-hidden="true" style={{ height: below }} />}
          </tbody>
        </table>
      </div>
      <section className="selection" aria-label="Selection" hidden={chosen === 0}>
        <span aria-live="polite">
          {number.format(chosen)} programs selected, {number.format(active)} active
        </span>
        <button type="button" onClick={() => setRowSelection({})}>
          Clear
        </button>
      </section>
    </>
  );
}

const core = getCoreRowModel();
const filtered = getFilteredRowModel();
const sorted = getSortedRowModel();
const getRowId = (row) => row.key;
const firstColumn = (column) => column.id === "application";
const shows = ({ original }, _column, { words, states, kinds }) =>
  (kinds.length ? kinds.includes(original.kind) : original.kind !== "Pipeline step") &&
  (!states.length || states.some((word) => STATES[word](original))) &&
  (!words || original.searched.includes(words));

// Runs in a page, before its own scripts: the figures that only the page itself can take. A function without a scope,
// because the browser gets its text.

export function watch() {
  const bench = { rows: undefined, tasks: [], events: [], keys: [], frames: [], memory: undefined };
  window.bench = bench;
  const instantiate = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = async (...given) => {
    const made = await instantiate(...given);
    bench.memory ??= made.instance.exports.memory;
    return made;
  };
  // `durationThreshold` has a minimum of 16 ms.
  const observe = (type, more, note) =>
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true, ...more });
  observe("longtask", {}, ({ startTime, duration }) => bench.tasks.push([startTime, duration]));
  observe("event", { durationThreshold: 16 }, ({ interactionId, duration }) => {
    if (interactionId) bench.events.push(duration);
  });

  let hidden = false;
  Object.defineProperty(document, "hidden", { get: () => hidden });
  Object.defineProperty(document, "visibilityState", { get: () => (hidden ? "hidden" : "visible") });
  /** Tells the page that its tab is hidden, or shown again. A browser without a window hides none. */
  bench.hide = (now) => {
    hidden = now;
    document.dispatchEvent(new Event("visibilitychange"));
  };

  const row = () => document.querySelector("table tbody tr th[scope=row]");
  const seen = () => {
    if (row()) bench.rows = performance.now();
    else requestAnimationFrame(seen);
  };
  requestAnimationFrame(seen);

  const count = () => document.querySelector("table[aria-rowcount]")?.ariaRowCount;
  const signs = {
    // What changes when the result of an interaction is on screen.
    search: () => count(),
    sort: () => `${document.querySelector("th[aria-sort]")?.textContent} ${row()?.textContent}`,
    select: () => document.querySelector("[aria-label=Selection] [aria-live]")?.textContent,
    open: () => `${location.pathname} ${document.querySelector("h1")?.textContent}`,
  };
  /** The time from the next trusted event of a type until a sign has changed and the frame is made. */
  bench.until = (sign, type) => {
    const before = signs[sign]();
    bench.took = new Promise((done) => {
      const begin = ({ timeStamp }) => {
        const look = () => {
          if (signs[sign]() === before) requestAnimationFrame(look);
          else setTimeout(() => done(performance.now() - timeStamp));
        };
        requestAnimationFrame(look);
      };
      addEventListener(type, begin, { capture: true, once: true });
    });
  };
  /** Notes the time between frames until it is called again. */
  bench.noteFrames = () => {
    bench.frames = [];
    let last;
    const frame = (now) => {
      if (last !== undefined) bench.frames.push(now - last);
      last = now;
      bench.frame = requestAnimationFrame(frame);
    };
    cancelAnimationFrame(bench.frame);
    bench.frame = requestAnimationFrame(frame);
  };
  /** Presses a key without an effect twice a second and notes how long the next frame waits. */
  bench.pressKeys = () =>
    setInterval(() => {
      const began = performance.now();
      document.body?.dispatchEvent(new KeyboardEvent("keydown", { key: "Shift", bubbles: true }));
      requestAnimationFrame(() => setTimeout(() => bench.keys.push(performance.now() - began)));
    }, 500);
}

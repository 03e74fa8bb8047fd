// Runs before the first paint: takes over the chosen theme and view, says when the application cannot start, and sends the first
// requests while the application loads. What it sets on the root element is read by style/shell.css.
(() => {
  const root = document.documentElement;
  try {
    const theme = localStorage.getItem("quiesce.theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    for (const name of ["density", "hidden-columns"]) {
      const value = localStorage.getItem(`quiesce.${name}`);
      if (value) root.setAttribute(`data-${name}`, value);
    }
  } catch {
    // Storage may be switched off; the theme then follows the system.
  }
  if (typeof WebAssembly !== "object") root.dataset.start = "no-wasm";

  // A panic of the application, or an access outside its memory, is an error of WebAssembly; calls without end are one of
  // JavaScript. Nothing may run afterwards.
  const isPanic = (error) =>
    typeof WebAssembly === "object" &&
    (error instanceof WebAssembly.RuntimeError || (/call stack|recursion/.test(error?.message) && /wasm/.test(error.stack)));
  // The stack has functions by their numbers: `cargo xtask stack` names them.
  const showPanic = (error) => {
    const panel = document.getElementById("panic");
    // Timers and responses still reach the application, whose memory may be damaged.
    window.fetch = () => new Promise(() => {});
    root.dataset.start = "panicked";
    document.getElementById("panic-stack").textContent = error.stack ?? String(error);
    panel.hidden = false;
    panel.focus();
  };
  // Until the application marks itself as running, any other error means that it did not start.
  const failed = (error) => {
    if (isPanic(error)) showPanic(error);
    else if (!root.dataset.start) root.dataset.start = "failed";
  };
  addEventListener("error", ({ error }) => failed(error), true);
  addEventListener("unhandledrejection", ({ reason }) => failed(reason));

  // The panel of a panic is shown when nothing else works any more, so its button belongs here.
  addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-reload]")) location.reload();
  });
})();

// The first requests, as src/client/transport.rs sends them. src/client/first_requests.rs takes each at most once.
(() => {
  if (typeof WebAssembly !== "object") return;
  const stated = (name) => document.querySelector(`meta[name=quiesce-${name}]`)?.content;
  const base = stated("base")?.replace(/\/+$/, "") ?? "";
  const sent = new Map();
  const send = (target, token = "") => {
    const controller = new AbortController();
    const headers = token ? { Authorization: `Bearer ${token}` } : {};
    const options = { credentials: "same-origin", redirect: "error", cache: "no-store" };
    const response = fetch(target, { ...options, signal: controller.signal, headers });
    // A request that fails is reported by the page, which takes it.
    response.catch(() => {});
    sent.set(`${target} ${token}`, [response, controller, Date.now()]);
  };
  window.takeFirstRequest = (target, token) => {
    const request = sent.get(`${target} ${token}`);
    sent.delete(`${target} ${token}`);
    return request;
  };
  send(`${base}/quiesce/info`);

  // Those of the programs of a namespace, if the address shows them. The server states the names of its routers, if they
  // have names. Whether a router requires a token is known only from its responses: the page sends them without one, too.
  const page = /^(?:\/r\/([a-z0-9-]+))?\/(?:ns\/(\w+)(?:\/programs)?\/?)?$/;
  const [path, name = "", shown] = page.exec(location.pathname.slice(base.length)) ?? [];
  const routers = stated("routers")?.split(" ") ?? [""];
  const known = path !== undefined && location.pathname.startsWith(base) && routers.includes(name);
  // The page of a hidden tab waits until it is shown.
  if (!known || document.hidden) return;
  const prefix = name ? `${base}/r/${name}` : base;
  let token;
  let last;
  try {
    token = JSON.parse(sessionStorage.getItem(`quiesce.session ${prefix}`) ?? "{}").token;
    last = localStorage.getItem(name ? `quiesce.namespace.${name}` : "quiesce.namespace");
  } catch {
    // The page then asks for what it can't read.
  }
  const namespace = shown ?? last ?? "default";
  if (!/^\w+$/.test(namespace)) return;
  const programs = ["workflows", "spark", "services", "workers", "mapreduce"];
  const lists = ["apps?latestOnly=false", ...programs].map((it) => `/${namespace}/${it}`);
  for (const list of lists) send(`${prefix}/v3/namespaces${list}`, token);
})();

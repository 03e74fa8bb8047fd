// Records what a page requests of the API, with the moments, and repeats it as plain HTTP clients: followers.
import { Agent, request } from "node:http";

/** Headers of a page on which the identity of a read depends, and its compression. */
const HEADERS = ["accept", "accept-encoding", "accept-language", "authorization", "content-type"];
/** A pause at least this long, in milliseconds, is one that the page waits before its next read. */
const PAUSE = 500;

/** Records the requests of a page for this long, in milliseconds. Each is relative to the beginning. */
export async function record({ page }, duration) {
  const [began, steps, pending] = [Date.now(), [], []];
  const start = (asked) => {
    const { pathname, search } = new URL(asked.url());
    if (!pathname.startsWith("/v3")) return;
    const step = { at: Date.now() - began, method: asked.method(), path: pathname + search, body: asked.postData() ?? "" };
    steps.push(step);
    pending.push(
      asked.allHeaders().then((all) => {
        step.headers = Object.fromEntries(HEADERS.filter((name) => all[name]).map((name) => [name, all[name]]));
      }),
      asked.response().then(async (answer) => {
        await answer.finished();
        step.ended = Date.now() - began;
      }),
    );
  };
  page.on("request", start);
  await page.waitForTimeout(duration);
  page.off("request", start);
  await Promise.all(pending);
  return { began, duration, steps };
}

/** Whether two steps are the same read. */
const same = (a, b) => a.method === b.method && a.path === b.path && a.body === b.body;

/** The share of the reads of a page that another one sent within a second, too. */
export function coincidence(recording, other) {
  const shift = recording.began - other.began;
  const met = (step) => other.steps.some((it) => same(it, step) && Math.abs(step.at + shift - it.at) < 1_000);
  return recording.steps.filter(met).length / recording.steps.length;
}

/** Mulberry32, Tommy Ettinger: the same numbers from 0 to 1 in each run. */
export function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const until = (moment) => new Promise((done) => setTimeout(done, Math.max(0, moment - Date.now())));

/** The steps after each other, with the pause before each: from the end of all earlier ones, negative if they overlap. */
function paused({ steps, duration }) {
  let ended = Math.max(...steps.map((step) => step.ended)) - duration;
  return steps.map((step) => {
    const pause = step.at - ended;
    ended = Math.max(ended, step.ended);
    return { ...step, pause };
  });
}

function send(url, agent, { method, path, headers, body }) {
  const target = new URL(path, url);
  return new Promise((done, failed) => {
    const asked = request(target, { agent, method, headers }, (answer) => {
      answer.resume();
      answer.once("end", () => (answer.statusCode === 200 ? done() : failed(new Error(`${path}: ${answer.statusCode}`))));
      answer.once("error", failed);
    });
    asked.once("error", failed);
    asked.end(body);
  });
}

/**
 * Repeats a recording until it is ended. Before a read the follower waits for its responses, then as long as the page
 * did. `phase` is how far into the recording it begins, in milliseconds; with `moments` it begins with the recording,
 * and reads at the moments of the page plus `late`, so that it stays as close to the others as pages do.
 */
export function follow(url, recording, { phase = 0, late = 0, moments = false }) {
  const { duration } = recording;
  const steps = paused(recording);
  const agent = new Agent({ keepAlive: true });
  // The pace of the list and that of active runs both divide this time.
  const period = 30_000;
  const first = recording.began + Math.ceil((Date.now() - recording.began) / period) * period;
  const errors = [];
  let ended = false;
  const run = async () => {
    let index = moments ? 0 : Math.max(0, steps.findIndex(({ at }) => at >= phase));
    let wait = moments ? 0 : Date.now() + ((steps[index].at - phase + duration) % duration);
    let pending = [];
    for (let round = 0; !ended; index = (index + 1) % steps.length) {
      const step = steps[index];
      if (step.pause >= 0) {
        await Promise.all(pending);
        pending = [];
      }
      if (moments && (step.pause >= PAUSE || (index === 0 && round === 0))) wait = first + round * duration + step.at + late;
      else if (!wait && step.pause > 0) wait = Date.now() + step.pause;
      if (wait) await until(wait);
      wait = 0;
      if (ended) break;
      pending.push(send(url, agent, step).catch((error) => errors.push(error.message)));
      if (index === steps.length - 1) round += 1;
    }
    await Promise.all(pending);
    agent.destroy();
  };
  const over = run();
  return {
    /** Ends it; why requests failed. */
    end: () => {
      ended = true;
      return errors;
    },
    over,
  };
}

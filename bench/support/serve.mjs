// A console in front of a router: `quiesce serve`.
import { listening } from "./demo.mjs";
import { used } from "./processor.mjs";

/** Starts a console with these options in front of the router at this address. */
export async function serve(binary, router, options = []) {
  const { url, process, end } = await listening(binary, "serve", "--router", router, ...options);
  /** The processor time that it has used, in seconds. */
  const worked = () => used(process);
  return { url, worked, end };
}

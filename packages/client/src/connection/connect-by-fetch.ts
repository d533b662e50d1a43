import { type Clock, systemClock } from "../clock.ts";
import { type Random, systemRandom } from "../random.ts";
import { Connection } from "./connection.ts";
import { fetchTransport, type FetchTransportOptions } from "./fetch-transport.ts";
import type { Telemetry } from "./telemetry.ts";

export interface FetchConnectionOptions extends FetchTransportOptions {
  /** Milliseconds that one attempt may take, to the last byte of the answer; default 10,000. */
  readonly timeoutMs?: number | undefined;
  readonly telemetry?: Telemetry | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: Random | undefined;
}

/**
 * A connection by `fetch`: what browsers have. In Node take `connect` of `@leasehold/client/node`, which knows certificates, kubeconfigs and
 * sockets of its own.
 */
export function connectByFetch(options: FetchConnectionOptions): Connection {
  return new Connection(fetchTransport(options), {
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    telemetry: options.telemetry,
    timeoutMs: options.timeoutMs,
  });
}

import { setTimeout as pause } from "node:timers/promises";
import type { Draw } from "../draw.ts";
import type { LeaseClient } from "./lease-client.ts";
import type { Freshness, Version } from "./operation.ts";

export interface Workload {
  readonly client: LeaseClient;
  readonly draw: Draw;
  readonly keys: readonly string[];
  /** A revision that was acknowledged lately, and the first one of the round. */
  readonly newestRevision: () => number;
  readonly signal: AbortSignal;
}

/**
 * One client's life until the signal: it reads, lists, and writes what it believes to stand there into something else. What it believes
 * may be old, so that writes are refused too.
 */
export async function work({ client, draw, keys, newestRevision, signal }: Workload): Promise<void> {
  const believed = new Map<string, Version | "absent" | undefined>();
  while (!signal.aborted) {
    const key = draw.oneOf(keys);
    const before = believed.get(key);
    const dice = draw.fraction();
    if (dice < 0.06) await client.list(freshness(draw, newestRevision()), pageSize(draw));
    else if (before === undefined || dice < 0.3) believed.set(key, await client.read(key));
    else {
      const isDelete = before !== "absent" && draw.chance(0.1);
      const now = await client.write(key, before, isDelete);
      // Sometimes it goes on believing what it has just replaced.
      if (!draw.chance(0.05)) believed.set(key, now);
    }
    if (draw.chance(0.3)) await pause(draw.below(4));
  }
  client.close();
}

function freshness(draw: Draw, newestRevision: number): Freshness {
  if (newestRevision === 0 || draw.chance(0.6)) return { kind: "newest" };
  const revision = Math.max(1, newestRevision - draw.below(20));
  return draw.chance(0.5)
    ? { kind: "not-older-than", revision: newestRevision }
    : { kind: "exactly", revision };
}

function pageSize(draw: Draw): number | undefined {
  return draw.chance(0.3) ? draw.between(1, 3) : undefined;
}

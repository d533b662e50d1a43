import { readFileSync } from "node:fs";
import type { Entry, Store } from "../../packages/server/src/store/store.ts";

export const leaseBytes = 500;
const pattern = new Uint8Array(leaseBytes).map((_, index) => index * 7919);

/** As long as a stored lease, and of no meaning. */
export function lease(): Uint8Array {
  return pattern.slice();
}

export function keyOf(index: number): string {
  return `/registry/leases/ns-${index % 50}/lease-${index}`;
}

/** Creates so many leases, a thousand at a time. */
export async function fill(store: Store, count: number): Promise<Entry[]> {
  const entries: Entry[] = [];
  while (entries.length < count) {
    const batch = Array.from({ length: Math.min(1000, count - entries.length) }, async (_, index) => {
      const key = keyOf(entries.length + index);
      const result = await store.write({ key, value: lease(), expect: "absent" });
      if (result.kind !== "written") throw new Error(result.kind);
      return result.entry;
    });
    entries.push(...(await Promise.all(batch)));
  }
  return entries;
}

/** Replaces a lease, again when another writer was faster. */
export async function renew(store: Store, entry: Entry | undefined): Promise<Entry> {
  if (entry === undefined) throw new Error("no such lease");
  for (let current = entry; ;) {
    const result = await store.write({ key: current.key, value: lease(), expect: current.revision });
    if (result.kind === "written") return result.entry;
    if (result.kind !== "conflict" || result.current === undefined) throw new Error(result.kind);
    current = result.current;
  }
}

/** What this process has written to the disk so far. */
export function writtenBytes(): number {
  return Number(/^write_bytes: (\d+)/m.exec(readFileSync("/proc/self/io", "utf8"))?.[1] ?? 0);
}

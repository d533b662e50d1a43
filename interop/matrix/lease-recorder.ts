import { isObject } from "../../conformance/wire/match.ts";
import type { Target } from "../../conformance/target.ts";
import type { Version } from "./history.ts";

/** Every version of one lease, in the order in which a watch tells them. */
export interface Recorder {
  readonly versions: readonly Version[];
  /** The version that a read tells now. */
  read(): Promise<Version>;
  /** Resolves when the watch has told what a read tells now; nobody writes any more. */
  finish(): Promise<void>;
}

export async function recordLease(target: Target, name: string): Promise<Recorder> {
  const versions: Version[] = [];
  const start = (await target.ask("GET leases")).revision;
  const watch = await target.watch(
    `leases?watch=true&fieldSelector=metadata.name%3D${name}&resourceVersion=${start}`,
  );
  let last: string | undefined;
  const told = (async () => {
    for (;;) {
      const event = await watch.next();
      if (event === undefined) throw new Error("the server has ended the watch of the lease");
      versions.push(versionOf(event[1]));
      if (versions.at(-1)?.resourceVersion === last) return;
    }
  })();
  // Whoever waits for the end hears of it.
  told.catch(() => {});
  const read = async (): Promise<Version> => versionOf((await target.ask(`GET leases/${name}`)).body);
  return {
    versions,
    read,
    async finish() {
      last = (await read()).resourceVersion;
      if (versions.at(-1)?.resourceVersion !== last) await told;
    },
  };
}

function versionOf(lease: unknown): Version {
  const { metadata, spec } = isObject(lease) ? lease : {};
  if (!isObject(metadata) || !isObject(spec)) throw new Error(`no lease: ${JSON.stringify(lease)}`);
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  const count = (value: unknown): number => (typeof value === "number" ? value : 0);
  return {
    resourceVersion: text(metadata["resourceVersion"]),
    holder: text(spec["holderIdentity"]),
    seconds: count(spec["leaseDurationSeconds"]),
    acquired: text(spec["acquireTime"]),
    renewed: text(spec["renewTime"]),
    transitions: count(spec["leaseTransitions"]),
  };
}

import type { EtcdCluster } from "./etcd-cluster.ts";
import { keyAfter, type KeyRange, type ResourceKeys } from "./etcd-keys.ts";
import { rangeRpc } from "./etcd-rpcs.ts";

/** Whether any key below a root belongs to none of these resources. Throws as the cluster does. */
export async function holdsOthers(
  cluster: EtcdCluster,
  below: { readonly root: string; readonly resources: readonly ResourceKeys[] },
): Promise<boolean> {
  const counts = await Promise.all(
    gapsBetween(below.root, below.resources).map(async ({ start: key, end }) => {
      const { count } = await cluster.call(rangeRpc, { key, end, limit: 1, keysOnly: true });
      return count;
    }),
  );
  return counts.some((count) => count > 0);
}

/** What lies between the resources. The first key beyond each is the one that ticks are written to, and is ours, too. */
function gapsBetween(root: string, resources: readonly ResourceKeys[]): readonly KeyRange[] {
  const ours = resources
    .map(({ all }) => all)
    .toSorted((one, other) => Buffer.compare(one.start, other.start));
  const gaps: KeyRange[] = [];
  let start: Uint8Array = Buffer.from(`${root}/`);
  for (const range of ours) {
    gaps.push({ start, end: range.start });
    start = keyAfter(range.end);
  }
  gaps.push({ start, end: Buffer.from(`${root}0`) });
  return gaps.filter((gap) => Buffer.compare(gap.start, gap.end) < 0);
}

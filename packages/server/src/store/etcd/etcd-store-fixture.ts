import { type Clock, systemClock } from "../../clock.ts";
import { systemRandom } from "../../random.ts";
import type { Store } from "../store.ts";
import type { EtcdTls } from "./etcd-member.ts";
import { openEtcdStore, type EtcdStoreBounds } from "./etcd-store.ts";

export interface EtcdStoreFixtureOptions {
  readonly servers: readonly string[];
  /** What `/c` or `/registry` is called in etcd: with names of their own, tests share an etcd. */
  readonly prefix?: string;
  readonly resources?: readonly string[];
  readonly tls?: EtcdTls;
  readonly clock?: Clock;
  readonly bounds?: Partial<EtcdStoreBounds>;
  readonly onProblem?: (problem: string) => void;
}

/** A replica over a running etcd. What it held before is none of its history, unless told. */
export async function openStoreOn({ bounds, ...options }: EtcdStoreFixtureOptions): Promise<Store> {
  const opened = await openEtcdStore({
    tls: { caFile: undefined, certFile: undefined, keyFile: undefined },
    prefix: "/c",
    resources: ["/c/"],
    clock: systemClock,
    random: systemRandom,
    onProblem: () => {},
    bounds: { pastRevisionsMax: 0, ...bounds },
    ...options,
  });
  if (opened.kind === "refused") throw new Error(opened.message);
  return opened.store;
}

import { allKinds } from "@leasehold/api";
import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { Log } from "./log.ts";
import type { Random } from "./random.ts";
import { kindPrefixOf } from "./registry/target.ts";
import { StartError } from "./start-error.ts";
import { storeFileIn } from "./store-file.ts";
import { openEtcdStore } from "./store/etcd/etcd-store.ts";
import { openMemoryStore } from "./store/memory/memory-store.ts";
import { openSqliteStore } from "./store/sqlite/sqlite-store.ts";
import type { Store } from "./store/store.ts";

export interface StoreSurroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Opens the store that was asked for, in the data directory where it needs one. */
export async function openStore(config: Config, surroundings: StoreSurroundings): Promise<Store> {
  if (config.store === "memory") return openMemoryStore(surroundings);
  const opened = await open(config, surroundings);
  if (opened.kind === "refused") throw new StartError("surroundings", opened.message);
  return opened.store;
}

type Opened =
  | { readonly kind: "opened"; readonly store: Store }
  | { readonly kind: "refused"; readonly message: string };

function open(config: Config, { clock, random, log }: StoreSurroundings): Promise<Opened> {
  const onProblem = (problem: string): void => log.warn(problem, { store: config.store });
  if (config.store !== "etcd")
    return openSqliteStore({ path: storeFileIn(config.dataDir), clock, onProblem });
  return openEtcdStore({
    servers: config.etcdServers,
    tls: { caFile: config.etcdCaFile, certFile: config.etcdCertFile, keyFile: config.etcdKeyFile },
    prefix: config.etcdPrefix,
    resources: [...new Set(allKinds.map(kindPrefixOf))],
    clock,
    random,
    onProblem,
  });
}

import type { Clock, Timer } from "../../clock.ts";
import { messageOf } from "../../error-message.ts";
import { limits } from "../../limits.ts";
import type { Revision } from "../store.ts";
import type { EtcdCluster } from "./etcd-cluster.ts";
import { EtcdFailure } from "./etcd-failure.ts";
import { compactRpc, txnRpc } from "./etcd-rpcs.ts";

export interface EtcdCompactorOptions {
  readonly cluster: EtcdCluster;
  readonly clock: Clock;
  readonly onProblem: (problem: string) => void;
}

/**
 * Compacts etcd every five minutes, up to where it was five minutes before; once, however many replicas and kube-apiservers run on
 * it. They agree by a key that kube-apiserver uses too: whoever is first to write it again since it was last seen compacts.
 *
 * Source: k8s.io/apiserver/pkg/storage/etcd3/compact.go.
 */
export class EtcdCompactor {
  readonly #options: EtcdCompactorOptions;
  /** How often the key was written, and where etcd was, when it was last looked at. */
  #seen: { readonly version: number; readonly revision: Revision } = { version: 0, revision: 0 };
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(options: EtcdCompactorOptions) {
    this.#options = options;
  }

  start(): void {
    const { clock, onProblem } = this.#options;
    if (this.#isClosed) return;
    this.#timer = clock.schedule(limits.etcdCompactEveryMs, () => {
      this.#turn()
        .catch((error: unknown) => onProblem(`etcd was not compacted: ${messageOf(error)}`))
        .finally(() => this.start());
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  async #turn(): Promise<void> {
    const { cluster } = this.#options;
    const { version, revision } = this.#seen;
    const { header, succeeded, found } = await cluster.call(txnRpc, {
      compare: [{ key, target: "version", equals: version }],
      success: [{ kind: "put", key, value: encoder.encode(String(revision)) }],
      failure: [{ kind: "range", request: { key } }],
    });
    const other = found[0]?.[0]?.version ?? 0;
    this.#seen = { version: succeeded ? version + 1 : other, revision: header.revision };
    if (!succeeded || revision === 0) return;
    await cluster.call(compactRpc, { revision }).catch((error: unknown) => {
      // Somebody compacted further.
      if (!(error instanceof EtcdFailure) || error.kind !== "compacted") throw error;
    });
  }
}

const encoder = new TextEncoder();
const key = encoder.encode("compact_rev_key");

import { type Entry, StoreUnavailableError, type Write, type WriteResult } from "../store.ts";
import type { EtcdCluster } from "./etcd-cluster.ts";
import { EtcdFailure } from "./etcd-failure.ts";
import type { Operation, TxnRequest, TxnResponse } from "./etcd-messages.ts";
import type { EtcdResource } from "./etcd-resource.ts";
import { txnRpc } from "./etcd-rpcs.ts";

export interface EtcdWriterBounds {
  readonly pendingWritesMax: number;
  readonly pendingBytesMax: number;
  readonly valueBytesMax: number;
  readonly keyBytesMax: number;
}

export interface EtcdWriterOptions {
  readonly cluster: EtcdCluster;
  readonly bounds: EtcdWriterBounds;
}

/**
 * Each write is one transaction: if the key is still at the revision that was read, put or delete it, and otherwise say what is there.
 * It is sent once. When its fate is not known, the writer is told that the store is unavailable, and reads again.
 */
export class EtcdWriter {
  readonly #options: EtcdWriterOptions;
  #underWay = 0;
  #underWayBytes = 0;
  #isClosed = false;
  #idle: (() => void) | undefined;

  constructor(options: EtcdWriterOptions) {
    this.#options = options;
  }

  async write(resource: EtcdResource, write: Write): Promise<WriteResult> {
    const refused = this.#refuse(write);
    if (refused !== undefined) return refused;
    const bytes = write.value?.byteLength ?? 0;
    this.#underWay += 1;
    this.#underWayBytes += bytes;
    try {
      return await this.#send(resource, write);
    } finally {
      this.#underWay -= 1;
      this.#underWayBytes -= bytes;
      if (this.#underWay === 0) this.#idle?.();
    }
  }

  /** Resolves when nothing is on its way; no write is accepted any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#underWay > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
  }

  #refuse({ key, value }: Write): WriteResult | undefined {
    const { keyBytesMax, valueBytesMax, pendingWritesMax, pendingBytesMax } = this.#options.bounds;
    if (key.length * 3 > keyBytesMax && Buffer.byteLength(key) > keyBytesMax)
      return { kind: "too-large", bytesMax: keyBytesMax };
    const bytes = value?.byteLength ?? 0;
    if (bytes > valueBytesMax) return { kind: "too-large", bytesMax: valueBytesMax };
    if (this.#isClosed) throw new StoreUnavailableError("the store is closed");
    const isFull = this.#underWay >= pendingWritesMax || this.#underWayBytes + bytes > pendingBytesMax;
    return isFull ? { kind: "busy" } : undefined;
  }

  async #send(resource: EtcdResource, write: Write): Promise<WriteResult> {
    const known = resource.known(write.key);
    const before = known?.revision === write.expect ? known : undefined;
    try {
      const answer = await this.#options.cluster.call(
        txnRpc,
        transaction(write, { key: resource.keys.toEtcd(write.key), before }),
      );
      const result = this.#resultOf(answer, { resource, write, before });
      if (result.kind === "written") await resource.shows(result.revision);
      return result;
    } catch (error) {
      if (!(error instanceof EtcdFailure)) throw error;
      if (error.kind === "busy") return { kind: "busy" };
      if (error.kind === "too-large")
        return { kind: "too-large", bytesMax: this.#options.bounds.valueBytesMax };
      throw new StoreUnavailableError(error.message, { cause: error });
    }
  }

  #resultOf({ header, succeeded, found }: TxnResponse, { resource, write, before }: Written): WriteResult {
    const { revision } = header;
    const [kv] = found.flat();
    const { key, value } = write;
    if (!succeeded) return { kind: "conflict", current: kv && resource.entryFor(kv, key), revision };
    if (value !== undefined) {
      const created = before?.created ?? kv?.created ?? revision;
      return { kind: "written", entry: resource.announce({ key, value, revision, created }), revision };
    }
    const entry = before ?? (kv && resource.entryFor(kv, key));
    if (entry === undefined) throw new Error(`etcd did not say what it deleted at ${key}`);
    return { kind: "written", entry, revision };
  }
}

interface Written {
  readonly resource: EtcdResource;
  readonly write: Write;
  /** The version that is replaced, when it is at hand. */
  readonly before: Entry | undefined;
}

interface Replaced {
  /** As etcd calls it. */
  readonly key: Uint8Array;
  /** The version that is replaced, when it is at hand. */
  readonly before: Entry | undefined;
}

function transaction({ value, expect }: Write, { key, before }: Replaced): TxnRequest {
  const success: Operation[] = [];
  if (value === undefined) success.push({ kind: "delete", key, previous: before === undefined });
  else success.push({ kind: "put", key, value });
  // When the replaced version is not at hand, etcd is asked when the key was created.
  if (value !== undefined && expect !== "absent" && before === undefined)
    success.push({ kind: "range", request: { key, keysOnly: true } });
  // To etcd a key that is absent has the revision 0; to us nothing has.
  const equals = expect === "absent" ? 0 : expect === 0 ? -1 : expect;
  return {
    compare: [{ key, target: "revision", equals }],
    success,
    failure: [{ kind: "range", request: { key } }],
  };
}

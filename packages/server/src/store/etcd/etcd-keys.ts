/** From `start` (included) to `end` (excluded), as etcd orders its keys. */
export interface KeyRange {
  readonly start: Uint8Array;
  readonly end: Uint8Array;
}

/**
 * The keys of one resource, and what they are called in etcd, where their first segment has the name that the operator gave:
 * `/registry/leases/` is `/staging/leases/` with --etcd-prefix /staging.
 */
export class ResourceKeys {
  readonly #prefix: string;
  readonly #theirs: string;
  readonly all: KeyRange;

  /** `prefix` ends with a slash; `root` begins with one and ends without. */
  constructor(prefix: string, root: string) {
    this.#prefix = prefix;
    this.#theirs = root + prefix.slice(prefix.indexOf("/", 1));
    this.all = this.below(prefix);
  }

  /** The first key beyond the resource's own. */
  get beyond(): Uint8Array {
    return this.all.end;
  }

  toEtcd(key: string): Uint8Array {
    return encoder.encode(this.#theirs + key.slice(this.#prefix.length));
  }

  fromEtcd(key: Uint8Array): string {
    return this.#prefix + decoder.decode(key.subarray(this.all.start.length));
  }

  /** `prefix` ends with a slash, and the first key beyond it is the same with a 0, the next character: `/registry/leases0`. */
  below(prefix: string): KeyRange {
    const start = this.toEtcd(prefix);
    const end = Uint8Array.from(start);
    end[end.length - 1] = 0x30;
    return { start, end };
  }
}

/** The first key after another: whatever begins with it comes later. */
export function keyAfter(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}

export function isSameKey(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && Buffer.compare(one, other) === 0;
}

const encoder = new TextEncoder();
/** A key that is no text would not be one of ours, and must not pass for another. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;
const secondMs = 1000;
const minuteMs = 60 * secondMs;

/** Every bound of the server, each with its reason. Nothing grows without one of these; units and bounds stand last in the name. */
export const limits = {
  // The store

  /** etcd's default request limit, less room for its framing: what an etcd store would refuse, no store takes. */
  storeValueBytesMax: 1.5 * mebibyte,
  /** Namespace and name are at most 253 characters each; the rest is the prefix. */
  storeKeyBytesMax: 1 * kibibyte,
  /** Writes that wait for a commit. At 4 µs a row this is some 30 ms of appending: beyond it a writer is better told "busy". */
  storePendingWritesMax: 8192,
  /** The bytes of those writes, so that a burst of large objects cannot fill the memory either. */
  storePendingBytesMax: 64 * mebibyte,
  /** Rows in one transaction: a commit stays short enough that the writes behind it do not wait long for their turn. */
  storeCommitRowsMax: 1024,
  /** kube-apiserver compacts etcd every five minutes; clients expect a watch to resume within about that time. */
  storeHistoryMsMax: 5 * minuteMs,
  /** Superseded values kept for reads and watches in the past: 10,000 leases renewed every 10 s make about 0.6 MB a second. */
  storeHistoryBytesMax: 64 * mebibyte,
  /** Superseded versions kept, because a small value costs more in bookkeeping than in bytes. */
  storeHistoryChangesMax: 200_000,
  /** Changes that one `watch` batch carries at most when it catches up, so that a reader far behind does not stall the rest. */
  storeWatchBatchChangesMax: 1000,
  /** How often a store that fails tries a commit of its own when nobody writes: a readiness probe asks about as often. */
  storeProbeEveryMs: 1 * secondMs,

  // SQLite

  /** Rows removed from the log in one background transaction: a few milliseconds, so that a commit hardly waits behind it. */
  sqlitePurgeRowsMax: 500,
  /** Superseded rows beyond the history that start a purge; fewer are not worth a transaction and its sync. */
  sqlitePurgeAfterRows: 1000,
  /** Pages of 4 KiB in the write-ahead log before a checkpoint: small ones keep the writer's stall to a few milliseconds. */
  sqliteCheckpointPages: 256,
  /** SQLite's page cache in the worker; the values are in our memory, the worker only appends. */
  sqliteCacheBytesMax: 4 * mebibyte,

  // The watch feed

  /** Changes a feed keeps for watches that start in the past. kube-apiserver's watch cache keeps up to 100 × 1024 too. */
  feedWindowChangesMax: 102_400,
  /** Bytes of those changes; they share their values with the store's history while that is as long. */
  feedWindowBytesMax: 64 * mebibyte,
  /** Undelivered changes of one watch before it is ended as lagging: several seconds of the whole server's writes. */
  subscriptionQueueChangesMax: 16_384,
  /** Bytes of those changes, because few large objects weigh as much as many small ones. */
  subscriptionQueueBytesMax: 16 * mebibyte,
} as const;

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;
const secondMs = 1000;
const minuteMs = 60 * secondMs;

/** Every bound of the server, each with its reason. Nothing grows without one of these; units and bounds stand last in the name. */
export const limits = {
  // The store

  /** etcd's default request limit, less room for the key (twice) and its framing: what an etcd store would refuse, no store takes. */
  storeValueBytesMax: 1.5 * mebibyte - 4 * kibibyte,
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

  /** Superseded rows that one commit removes beside its own work, which takes a millisecond; more if it brings more than half as many. */
  sqlitePurgeRowsMax: 500,
  /** Superseded rows beyond the history that start a purge: many at a time share the pages that they leave. */
  sqlitePurgeAfterRows: 500,
  /**
   * How long a commit waits for company while several clients write. Each sync costs as much CPU as encoding a dozen leases, so that a
   * millisecond of latency buys a cheaper renewal.
   */
  sqliteGatherMs: 1,
  /** Pages of 4 KiB in the write-ahead log before a checkpoint: small ones keep the writer's stall to a few milliseconds. */
  sqliteCheckpointPages: 256,
  /** What the file may grow to. The values are in memory too, so that far smaller stores have outgrown one machine. */
  sqliteFileBytesMax: 8192 * mebibyte,
  /** How long an open waits for another process (a backup) to have read the file: the log cannot be emptied meanwhile. */
  sqliteLockWaitMsMax: 10 * secondMs,
  /** Where a restore may begin: a server that writes 10,000 times a second from there on has safe integers for 14,000 years. */
  restoredRevisionMax: 2 ** 52,
  /** SQLite's page cache in the worker; the values are in our memory, the worker only appends. */
  sqliteCacheBytesMax: 4 * mebibyte,

  // etcd

  /** How long a connection may take, TLS included. On one network it is made in milliseconds. */
  etcdConnectMsMax: 2 * secondMs,
  /** How long a call may take. etcd's own patience with itself is 7 s; a client of ours is better told sooner to try again. */
  etcdCallMsMax: 5 * secondMs,
  /** How long a server that starts waits for its etcd, which may be starting too; then whoever started it is told. */
  etcdOpenMsMax: 20 * secondMs,
  /** How often a silent connection is asked whether it is alive; etcd closes those that ask more often than every 5 s. */
  etcdKeepaliveEveryMs: 10 * secondMs,
  /** How long the answer to that may take before the connection is given up. */
  etcdKeepaliveAnswerMsMax: 5 * secondMs,
  /** What one message may hold: a page of the largest values there are. */
  etcdMessageBytesMax: 1024 * mebibyte,
  /** Keys of one page when a resource is loaded: some 300 KB of leases. */
  etcdPageKeysMax: 500,
  /** How far back in etcd's revisions a starting replica loads, so that watches which began at another one go on here. */
  etcdPastRevisionsMax: 50_000,
  /** Pauses between attempts to reach a member that failed, or to watch again, grow from here … */
  etcdProbeMsMin: 100,
  /** … to here. Each costs etcd one small read. */
  etcdProbeMsMax: 2 * secondMs,
  /** How long a write that is durable waits for our own watch to show it, so that its writer reads it here. It is there in 1 ms. */
  etcdShowWriteMsMax: 1 * secondMs,
  /** A request for a watch's progress that was not answered by then is sent again: kube-apiserver's period. */
  etcdAskAgainMs: 100,
  /** How often a watch in which nothing changes is asked how far it is, so that bookmarks, of one a minute, move on. */
  etcdIdleProgressMs: 10 * secondMs,
  /** kube-apiserver's --etcd-compaction-interval. */
  etcdCompactEveryMs: 5 * minuteMs,

  // The watch feed

  /** Changes a feed keeps for watches that start in the past. kube-apiserver's watch cache keeps up to 100 × 1024 too. */
  feedWindowChangesMax: 102_400,
  /** Bytes of those changes; they share their values with the store's history while that is as long. */
  feedWindowBytesMax: 64 * mebibyte,
  /** Undelivered changes of one watch before it is ended as lagging: several seconds of the whole server's writes. */
  subscriptionQueueChangesMax: 16_384,
  /** Bytes of those changes, because few large objects weigh as much as many small ones. */
  subscriptionQueueBytesMax: 16 * mebibyte,
  /** Changes that a reader gets at once when it catches up, so that its socket can push back in between. */
  subscriptionBatchChangesMax: 500,

  // HTTP

  /** kube-apiserver's own bound on a request's line and headers together (Go: MaxHeaderBytes). */
  httpHeaderBytesMax: 1 * mebibyte,
  /** kube-apiserver's bound on a request body; the 413 quotes it. */
  httpBodyBytesMax: 3 * mebibyte,
  /** How much of a body over that bound is read and thrown away, so that the client gets to read its 413 and not a reset. */
  httpRefusedBodyBytesMax: 16 * mebibyte,
  /** How long a handler may take to come up with an answer: kube-apiserver's --request-timeout. A watch has begun to answer by then. */
  httpAnswerWithinMs: 1 * minuteMs,
  /** How long a client may take to send its headers: kube-apiserver's ReadHeaderTimeout. Slower ones only hold a socket. */
  httpHeadersWithinMs: 32 * secondMs,
  /** How long a client may take to send a whole request: at 3 MiB still only 50 KiB a second. */
  httpRequestWithinMs: 1 * minuteMs,
  /** How often the two bounds above are looked after. */
  httpTimeoutCheckEveryMs: 5 * secondMs,
  /** How long a TLS handshake may take. It costs us CPU, not them. */
  httpHandshakeWithinMs: 10 * secondMs,
  /** A connection without a request is kept this long: kube-apiserver's IdleTimeout, which clients' pools are made for. */
  httpIdleMsMax: 90 * secondMs,
  /** A connection that has not moved a byte for this long while an answer waits in its buffer belongs to a reader that is gone. */
  httpStalledReaderMsMax: 1 * minuteMs,
  /** How long closing waits for answers in flight before it cuts the connections: the server as a whole has five seconds. */
  httpCloseWithinMs: 4 * secondMs,
  /** A message from a client over a WebSocket, which nobody reads: the bound of golang.org/x/net/websocket, above which the connection ends. */
  webSocketMessageBytesMax: 32 * mebibyte,
  /** Connections at a time; beyond it the process would rather run out of file descriptors for its store. */
  httpConnectionsMax: 65_536,
  /** Streams of one HTTP/2 connection: what kube-apiserver allows, because informers of one client share a connection. */
  http2StreamsMax: 1000,
  /** Room for one stream's request body: most bodies fit without waiting for a window update. kube-apiserver's figure. */
  http2StreamWindowBytes: 256 * kibibyte,
  /** Room for the request bodies of one connection together; kube-apiserver multiplies the two above, we need not. */
  http2ConnectionWindowBytes: 16 * mebibyte,
  /** What one HTTP/2 connection may hold in buffers and headers (megabytes, as Node counts them) before it is told to calm down. */
  http2SessionMegabytesMax: 256,
  /** Different header names, Accept headers and the like whose reading is remembered; an attacker may send any number. */
  httpRememberedHeadersMax: 1000,
  /** Longer headers are read anew each time; no client's is. With the bound above: some two megabytes at most. */
  httpRememberedHeaderCharactersMax: 1024,
  /** Alternatives of an Accept header that are looked at, of which a client names a handful and a header may hold a hundred thousand. */
  httpAcceptAlternativesMax: 1000,
  /** Time series of request metrics. All kinds with all verbs make a few hundred; a bound all the same. */
  metricSeriesMax: 1000,
  /** Answers below this go out uncompressed, because compressing costs more than it saves: kube-apiserver's threshold. */
  httpGzipAboveBytes: 128 * kibibyte,

  // Requests

  /** kube-apiserver's own bound on a body. */
  requestBodyBytesMax: 3 * mebibyte,
  /** Rounds of one guarded write. Each lost round is somebody else's success; so many in a row mean that something is wrong. */
  writeAttemptsMax: 256,
  /** When a client that was told "busy" may come again: a full queue of writes is committed well within it. */
  retryAfterSeconds: 1,
  /** Entries that a filtered list looks at in one step, so that it never holds a whole store at once. */
  listScanEntriesMax: 10_000,
  /** Objects that a deletecollection lists at once, as kube-apiserver does. */
  deleteCollectionPageObjects: 10_000,
  /** Deletions of one deletecollection under way at once: they share commits, and leave room for other writers. */
  deleteCollectionParallelMax: 256,

  /** How long a read waits for a revision that the store has not reached; kube-apiserver's cacher waits three seconds. */
  awaitRevisionMsMax: 3 * secondMs,

  /** Of all warnings of an answer: a body of nothing but unknown fields must not make a head that no client takes. */
  warningCharactersMax: 4096,

  /** Of each warning, once all together are too long. Both as in kube-apiserver. */
  cutWarningCharactersMax: 256,

  /** Objects that stay decoded and encoded: a store of this many leases is listed from memory, a larger one in part. */
  rememberedObjectsMax: 20_000,

  // Watches

  /** A watch without timeoutSeconds ends between once and twice this, as kube-apiserver's --min-request-timeout has it. */
  watchMsMin: 30 * minuteMs,
  /** How often a watch that allows bookmarks gets one: kube-apiserver's frequency. */
  bookmarkEveryMs: minuteMs,
  /** A watch that began with the present state gets its first one so soon: kube-apiserver has it in its next round, of 1 to 2.25 s. */
  bookmarkAfterStateMs: 1.5 * secondMs,
  /** A last bookmark comes this long before the end, so that the client resumes from close by. */
  bookmarkBeforeEndMs: 2 * secondMs,

  // Patches

  /** Operations in one JSON patch, as in kube-apiserver. */
  jsonPatchOperationsMax: 10_000,
  /** Bytes that the copy operations of one JSON patch may add together, as in kube-apiserver: a few copies of copies fill any memory. */
  jsonPatchCopyBytesMax: 3 * mebibyte,
  /** Entries of updates that managed fields keep, as in kube-apiserver, so that both write the same; older ones are merged. */
  updateManagersMax: 10,
  /** All annotations of an object together, as validation allows: what an apply adds to them by itself stays within it. */
  annotationsBytesMax: 256 * kibibyte,

  // Authorization

  /** Users, each in one namespace, whose grants are remembered until the policy changes; some hundred bytes each. */
  authzUsersRemembered: 10_000,
  /** Users of whom is remembered how they last impersonated; kube-apiserver remembers as many. */
  impersonatorsRemembered: 10_000,

  /** A part of the server that follows objects, and found the store unavailable, asks again after this. */
  followRetryMs: 1 * secondMs,

  // Namespaces that are going

  /** Between two looks at a namespace that is not empty yet: its content may change many times a second. */
  namespaceDrainPauseMs: 100,
  /** A namespace that could not be emptied is looked at again after this, even if nothing in it has changed. */
  namespaceDrainRetryMs: 15 * secondMs,

  // The coordinated election: the times are kube-apiserver's

  /** How long a candidate that was asked may take to answer, and how long an answer counts. */
  electionAnswerMs: 5 * secondMs,
  /** A candidate of which nothing was heard for so long is passed over, and removed; after half of it, it is asked. */
  candidateValidMs: 30 * minuteMs,
  /** How often candidates are looked through for such. */
  candidateCollectEveryMs: 30 * minuteMs,
  /** Another look at a lease that is held, at the latest. */
  electionLookAgainMs: 5 * secondMs,
  /** Written into the lease for the candidate that was elected, until it renews with its own. */
  electedLeaseSeconds: 5,
  /** After an election that failed, e.g. because the store was busy. */
  electionRetryMs: 5 * secondMs,
  /** Elections that take a step at the same time; each step writes at most one object a candidate. */
  electionStepsMax: 16,
} as const;

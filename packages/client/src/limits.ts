const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;
const secondMs = 1000;

/** Every bound of the client, each with its reason. Nothing grows without one of these; units and bounds stand last in the name. */
export const limits = {
  // Connections

  /** One attempt, from asking for a socket to the last byte of the answer, where the caller names no other time. */
  attemptWithinMs: 10 * secondMs,
  /** Sockets of one connection over HTTP/1.1: a watch holds one for as long as it lasts. */
  socketsMax: 256,
  /** Requests of one connection that have no answer yet, and watches that have not ended: beyond it something is stuck. */
  requestsInFlightMax: 1000,
  /** How often an HTTP/2 connection on which an answer is awaited is pinged, unless something else was heard meanwhile. */
  pingEveryMs: 2 * secondMs,
  /** How long its answer may take before the connection counts as half-open: with the above, noticed within six seconds. */
  pingWithinMs: 4 * secondMs,
  /** An unanswered request of at least this age makes its HTTP/2 connection suspect when it is given up: the next goes another way. */
  suspectAfterMs: 200,
  /** How long a socket may take to be there, TLS included: a host that drops packets would keep us waiting for minutes. */
  connectWithinMs: 5 * secondMs,
  /** What one HTTP/2 stream may send before it is read: a page of a list, mostly. */
  http2StreamWindowBytes: 1 * mebibyte,
  /** What all streams of an HTTP/2 connection may send before they are read: watches that nobody reads leave room for others. */
  http2ConnectionWindowBytes: 16 * mebibyte,
  /** Silence after which the system probes the peer of an HTTP/1.1 socket, every second from then on. */
  tcpProbeAfterMs: 5 * secondMs,
  /** An HTTP/1.1 socket without a request is given up after this, before servers (90 s) and most proxies (60 s) do. */
  idleSocketMsMax: 50 * secondMs,
  /** A timer that is this late means that the process stood still; what arrived meanwhile is read before the timer counts. */
  stallMsMin: 100,
  /** How long that reading gets: a turn or two of the event loop. */
  afterStallMs: 20,
  /** How long what a kubeconfig's files say is believed: they are replaced long before what they replace expires. */
  kubeconfigCredentialsMsMax: 10 * secondMs,
  /** How often a token's file is looked at: client-go's interval; kubelets replace tokens long before they expire. */
  tokenFileEveryMs: 60 * secondMs,

  // Answers

  /** An answer that is read whole: 500 leases have half a mebibyte, and kube-apiserver takes no object above 1.5. */
  answerBytesMax: 64 * mebibyte,
  /** One line of a watch: client-go's decoders take no more either. */
  watchLineBytesMax: 16 * mebibyte,
  /** How much of an answer that is no Status is shown in an error's text. */
  errorTextCharactersMax: 500,
  /** Longest wait that a server's Retry-After is believed: a proxy that says "tomorrow" must not end an election. */
  retryAfterSecondsMax: 300,

  // Lists and watches

  /** Objects on one page: kubectl's and client-go's own size. */
  pageObjects: 500,
  /** First wait of somebody who follows objects, after a failure; it doubles with each further one. */
  retryMsMin: 200,
  /** Longest such wait: client-go's reflector waits up to 30 s too. */
  retryMsMax: 30 * secondMs,
  /** A watch that lasted this long was a good one: what ends it is no reason to wait. */
  goodWatchMsMin: 1 * secondMs,
  /** Silence after which a watch over HTTP/1.1 counts as dead: servers send a bookmark every minute. */
  watchSilenceMsMax: 150 * secondMs,
} as const;

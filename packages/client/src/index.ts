// Connections
export { connectByFetch, type FetchConnectionOptions } from "./connection/connect-by-fetch.ts";
export {
  Connection,
  type ApiBody,
  type ApiRequest,
  type RequestBounds,
  type ConnectionParts,
  type OpenAnswer,
} from "./connection/connection.ts";
export {
  ApiError,
  ConnectionError,
  ForbiddenError,
  OutcomeUnknownError,
  type Refusal,
  type RequestSubject,
  SettingsError,
  UnauthorizedError,
  UnreadableAnswerError,
  WatchRefusedError,
} from "./connection/errors.ts";
export { fetchTransport, type FetchTransportOptions } from "./connection/fetch-transport.ts";
export {
  openTelemetry,
  type MeterLike,
  type OpenTelemetryParts,
  type SpanLike,
  type TracerLike,
} from "./connection/open-telemetry.ts";
export type { RequestOutcome, RequestTelemetry, Telemetry } from "./connection/telemetry.ts";
export {
  type Transport,
  type TransportAnswer,
  TransportError,
  type TransportRequest,
} from "./connection/transport.ts";

// Kinds
export {
  type ApiObject,
  type Kind,
  type Lease,
  type LeaseCandidate,
  leaseCandidateKind,
  type LeaseCandidateSpec,
  leaseCandidateV1alpha2Kind,
  leaseKind,
  type LeaseSpec,
  type Namespace,
  namespaceKind,
  type ObjectMeta,
} from "@leasehold/api";

// Resources
export { epochMsOf, microTime } from "./resources/micro-time.ts";
export {
  candidateAccess,
  leaseAccess,
  leaseCollectionAccess,
  type ObjectPlace,
} from "./resources/object-access.ts";
export { offeredKind } from "./resources/offered-kind.ts";
export type { ObjectList } from "./resources/read-object.ts";
export {
  type ApplyOptions,
  type ListOptions,
  type Patch,
  ResourceClient,
  type Selection,
  type WriteOptions,
} from "./resources/resource-client.ts";

// Watches
export type { WatchOptions } from "./watch/open-watch.ts";
export { reflect, type Reflection, type ReflectOptions } from "./watch/reflector.ts";
export type { WatchEvent } from "./watch/watch-event.ts";

// Elections
export {
  checkDurations,
  defaultDurations,
  type DurationGoal,
  type Durations,
  durationsFor,
} from "./election/durations.ts";
export { describeDurations, type WorstCases, worstCases } from "./election/describe-durations.ts";
export { elect } from "./election/elect.ts";
export { ElectionRefusedError, MissingPermissionError } from "./election/election-error.ts";
export { LeaderElector } from "./election/leader-elector.ts";
export {
  type OrderOptions,
  type OrderOutcome,
  requestTransfer,
  revokeLease,
} from "./election/order-lease.ts";
export type { ElectionEvent, ElectionObserver } from "./election/election-event.ts";
export type { Coordinated, ElectorOptions } from "./election/elector-options.ts";
export type {
  AccessFailure,
  Attempt,
  CandidateAccess,
  Failed,
  LeaseAccess,
  LeaseCollectionAccess,
  ListOutcome,
  ObjectAccess,
  ObjectNews,
  ReadOutcome,
  WriteOutcome,
} from "./election/object-access.ts";
export { type Term, type TermEnd, TermEndedError } from "./election/term.ts";

// Locks
export { Lock } from "./locks/lock.ts";
export { type LockAttempt, type LockOptions, Mutex } from "./locks/mutex.ts";
export { Semaphore, type SemaphoreOptions } from "./locks/semaphore.ts";

// Members
export { Heartbeat, type HeartbeatEvent, type HeartbeatOptions } from "./members/heartbeat.ts";
export { Membership, type MembershipOptions } from "./members/membership.ts";
export type { Member, MembershipEvent } from "./members/roster.ts";

// Time and chance
export { type Clock, delay, systemClock, type Timer } from "./clock.ts";
export { limits } from "./limits.ts";
export { type Random, systemRandom } from "./random.ts";
export { version } from "./version.ts";

import { status, type ServiceError } from "@grpc/grpc-js";

/** Why etcd did not do what it was asked. */
export type FailureKind =
  /** The revision asked for is compacted, or has not been handed out. */
  | "compacted"
  | "future"
  /** More than etcd takes in one request (--max-request-bytes). */
  | "too-large"
  /** etcd has too much to do. Nothing was written. */
  | "busy"
  /** This member cannot answer, another one may. Nothing was written. */
  | "no-leader"
  /** The member was not reached, or did not answer in time: what it was asked to write may have been written. */
  | "unreachable"
  /** Anything else, e.g. that its disk quota is used up or that this client may not do that. Nothing was written. */
  | "refused";

/** A call that failed. The message is etcd's own, with the member that said so. */
export class EtcdFailure extends Error {
  override readonly name = "EtcdFailure";
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** What a gRPC error means. Source: etcd's api/v3rpc/rpctypes/error.go. */
export function failureOf(
  { code, details }: Pick<ServiceError, "code" | "details">,
  url: string,
): EtcdFailure {
  const unreached = /^No connection established\. Last error: (?:\w*Error: )?(.*?)\.? Resolution note: /.exec(
    details,
  );
  const problem = unreached === null ? `: ${details}` : ` cannot be reached: ${unreached[1]}`;
  return new EtcdFailure(kindOf(code, details), `etcd at ${url}${problem}`);
}

function kindOf(code: status, details: string): FailureKind {
  switch (code) {
    case status.OUT_OF_RANGE:
      if (details.includes("has been compacted")) return "compacted";
      return details.includes("future revision") ? "future" : "refused";
    case status.INVALID_ARGUMENT:
      return details.includes("request is too large") ? "too-large" : "refused";
    case status.RESOURCE_EXHAUSTED:
      if (details.includes("too many requests")) return "busy";
      return details.includes("larger than max") ? "too-large" : "refused";
    case status.UNAVAILABLE:
      return details === "etcdserver: no leader" ? "no-leader" : "unreachable";
    case status.CANCELLED:
    case status.DEADLINE_EXCEEDED:
    case status.UNKNOWN:
    case status.ABORTED:
    case status.INTERNAL:
    case status.DATA_LOSS:
      return "unreachable";
    default:
      return "refused";
  }
}

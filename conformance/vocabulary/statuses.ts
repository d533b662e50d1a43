import type { Expected } from "../wire/answer.ts";
import { anUid, isObject } from "../wire/match.ts";

type Members = Readonly<Record<string, unknown>>;

/** A refusal to the letter: the code, the reason and the message of a Status, and its details where it has some. */
export function refused(
  code: number,
  reason: string,
  { message, details }: { readonly message: unknown; readonly details?: Members },
): Expected {
  return { status: code, body: failure(code, reason, { message, details }) };
}

export function failure(
  code: number,
  reason: string | undefined,
  { message, details }: { readonly message: unknown; readonly details?: Members | undefined },
): Members {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason,
    details,
    code,
  };
}

export function badRequest(message: unknown): Expected {
  return refused(400, "BadRequest", { message });
}

/** A 500 without a reason: an error on the way that nobody turned into a better answer. */
export function unexplained(message: unknown): Expected {
  return { status: 500, body: failure(500, undefined, { message }) };
}

const leases = { group: "coordination.k8s.io", kind: "leases" };

export function notFound(name: string): Expected {
  const message = `leases.coordination.k8s.io "${name}" not found`;
  return refused(404, "NotFound", { message, details: { name, ...leases } });
}

export function alreadyExists(name: string): Expected {
  const message = `leases.coordination.k8s.io "${name}" already exists`;
  return refused(409, "AlreadyExists", { message, details: { name, ...leases } });
}

/** A 409 of optimistic concurrency, or of a precondition that does not hold. */
export function conflict(name: string, why = modified): Expected {
  const message = `Operation cannot be fulfilled on leases.coordination.k8s.io "${name}": ${why}`;
  return refused(409, "Conflict", { message, details: { name, ...leases } });
}

const modified =
  "the object has been modified; please apply your changes to the latest version and try again";

/** The path that no route leads to; said in plain text, not in a Status. */
export const noSuchPath: Expected = {
  status: 404,
  type: "text/plain; charset=utf-8",
  body: "404 page not found\n",
};

export const methodNotAllowed: Expected = refused(405, "MethodNotAllowed", {
  message: "the server does not allow this method on the requested resource",
  details: {},
});

export const noSuchResource: Expected = refused(404, "NotFound", {
  message: "the server could not find the requested resource",
  details: {},
});

/** One thing that is wrong with a field: `["FieldValueInvalid", "spec.x", "Invalid value: 0: must be greater than 0"]`. */
export type Cause = readonly [reason: string, field: string, message: string];

export interface Invalid {
  readonly name: string;
  readonly kind?: string;
  readonly group?: string;
}

/** A 422 with its causes; several are told in brackets. */
export function invalid(
  { name, kind = "Lease", group = "coordination.k8s.io" }: Invalid,
  ...causes: readonly Cause[]
): Expected {
  const sentences = causes.map(([, field, message]) => `${field}: ${message}`);
  const told = sentences.length === 1 ? sentences[0] : `[${sentences.join(", ")}]`;
  const qualified = group === "" ? kind : `${kind}.${group}`;
  return refused(422, "Invalid", {
    message: `${qualified} "${name}" is invalid: ${told}`,
    details: {
      name: name === "" ? undefined : name,
      group: group === "" ? undefined : group,
      kind,
      causes: causes.map(([reason, field, message]) => ({ reason, message, field })),
    },
  });
}

/** On the way of an update metadata is looked at more than once: a cause is found as often, and its sentence told once. */
export function invalidTimes(times: number, what: Invalid, cause: Cause): Expected {
  const { status, body } = invalid(what, cause);
  const whole = isObject(body) ? body : {};
  const details = isObject(whole["details"]) ? whole["details"] : {};
  const [reason, field, message] = cause;
  const causes = Array.from({ length: times }, () => ({ reason, message, field }));
  return { status, body: { ...whole, details: { ...details, causes } } };
}

/** The answer to a deletion that took the object away. */
export function deleted(name: string): Expected {
  const details = { name, ...leases, uid: anUid };
  return {
    status: 200,
    body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details },
  };
}

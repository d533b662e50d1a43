/**
 * Every refusal there is, in kube-apiserver's words. Each function makes an error to throw; its text and body are part of the wire.
 * Source: apimachinery/pkg/api/errors, and the places in apiserver that add their own.
 */
import { aggregateErrors, type FieldError } from "./field-error.ts";
import type { StatusBody, StatusCause, StatusDetails } from "./meta/status.ts";
import { quote } from "./quote.ts";
import { StatusError } from "./status-error.ts";

/** A resource as URLs name it, e.g. `leases` in `coordination.k8s.io`; the core group is empty. */
export interface ResourceRef {
  readonly group: string;
  readonly resource: string;
}

/** A kind as bodies name it, e.g. `Lease` in `coordination.k8s.io`; the core group is empty. */
export interface KindRef {
  readonly group: string;
  readonly kind: string;
}

/** What somebody wanted to do: a resource request, or any other path. */
export type AccessAttempt =
  | (ResourceRef & {
      readonly user: string;
      readonly verb: string;
      /** Empty when there is none. */
      readonly subresource: string;
      /** Empty at cluster scope. */
      readonly namespace: string;
      /** Empty where the URL names no object. */
      readonly name: string;
    })
  | { readonly user: string; readonly verb: string; readonly path: string };

export function badRequest(message: string): StatusError {
  return failure({ code: 400, reason: "BadRequest", message });
}

export function unauthorized(): StatusError {
  return failure({ code: 401, reason: "Unauthorized", message: "Unauthorized" });
}

/** 403 for another reason than missing rights. `name` is empty where the request names no object. */
export function forbidden(resource: ResourceRef, { name, because }: NamedReason): StatusError {
  const target = name === "" ? full(resource) : `${full(resource)} ${quote(name)}`;
  const message = isNothing(resource) ? `forbidden: ${because}` : `${target} is forbidden: ${because}`;
  return failure({ code: 403, reason: "Forbidden", message, details: about(resource, name) });
}

/** 403 because no rule allows it. `reason` is what the authorizer has to say about it, mostly nothing. */
export function accessDenied(attempt: AccessAttempt, reason = ""): StatusError {
  const message = escapeMarkup(denial(attempt));
  const because = reason === "" ? message : `${message}: ${reason}`;
  if ("path" in attempt) return forbidden({ group: "", resource: "" }, { name: "", because });
  return forbidden(attempt, { name: attempt.name, because });
}

/** Nothing is created any more in a namespace that is going. `name` may be a generateName. */
export function namespaceTerminating(
  resource: ResourceRef,
  { name, namespace }: { readonly name: string; readonly namespace: string },
): StatusError {
  const because = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const { status } = forbidden(resource, { name: name === "" ? "Unknown" : name, because });
  const cause = {
    reason: "NamespaceTerminating",
    message: `namespace ${namespace} is being terminated`,
    field: "metadata.namespace",
  };
  return new StatusError({ ...status, details: { ...status.details, causes: [cause] } });
}

export function namespaceProtected(resource: ResourceRef, name: string): StatusError {
  return forbidden(resource, { name, because: "this namespace may not be deleted" });
}

export function notFound(resource: ResourceRef, name: string): StatusError {
  const message = `${full(resource)} ${quote(name)} not found`;
  return failure({ code: 404, reason: "NotFound", message, details: about(resource, name) });
}

/** 404 for a path that leads nowhere. */
export function pathNotFound(): StatusError {
  return genericResponse(404);
}

/** 405 for a method that the path does not know. */
export function methodNotAllowed(): StatusError {
  return genericResponse(405);
}

/** 405 for an action that the resource does not have, e.g. `watch`. */
export function methodNotSupported(resource: ResourceRef, action: string): StatusError {
  const message = `${action} is not supported on resources of kind ${quote(full(resource))}`;
  return failure({ code: 405, reason: "MethodNotAllowed", message, details: about(resource, "") });
}

/** 406 with a text of its own. */
export function notAcceptable(message: string): StatusError {
  return failure({ code: 406, reason: "NotAcceptable", message });
}

/** 406 from a handler that negotiates by itself. */
export function onlyAccepted(mediaTypes: readonly string[]): StatusError {
  return notAcceptable(`only the following media types are accepted: ${mediaTypes.join(", ")}`);
}

/** 406 for an `as=` that names no form the server makes, e.g. a Table of an unknown version. */
export function onlyAcceptedFor(target: string, mediaTypes: readonly string[]): StatusError {
  return notAcceptable(
    `only the following media types are accepted when converting to ${target}: ${mediaTypes.join(", ")}`,
  );
}

/** 406 from the router, before any handler is asked. */
export function noSuchRepresentation(mediaTypes: readonly string[]): StatusError {
  return genericResponse(406, `406: Not Acceptable\n\nAvailable representations: ${mediaTypes.join(", ")}`);
}

export function alreadyExists(resource: ResourceRef, name: string): StatusError {
  const message = `${full(resource)} ${quote(name)} already exists`;
  return failure({ code: 409, reason: "AlreadyExists", message, details: about(resource, name) });
}

/** The name that was made from a generateName is taken, again and again. */
export function generateNameConflict(resource: ResourceRef, name: string): StatusError {
  const message = `${full(resource)} ${quote(name)} already exists, the server was not able to generate a unique name for the object`;
  return failure({
    code: 409,
    reason: "AlreadyExists",
    message,
    details: { ...about(resource, name), retryAfterSeconds: 1 },
  });
}

/** Adds to one of the two above that the object in the way is about to go. */
export function whileBeingDeleted({ status }: StatusError): StatusError {
  return new StatusError({ ...status, message: `object is being deleted: ${status.message}` });
}

export function conflict(resource: ResourceRef, { name, because }: NamedReason): StatusError {
  const message = `Operation cannot be fulfilled on ${full(resource)} ${quote(name)}: ${because}`;
  return failure({ code: 409, reason: "Conflict", message, details: about(resource, name) });
}

/** The object was written since the client read it. */
export function modified(resource: ResourceRef, name: string): StatusError {
  const because =
    "the object has been modified; please apply your changes to the latest version and try again";
  return conflict(resource, { name, because });
}

/** A precondition of a delete, checked against the object before the storage is asked. */
export function deletePreconditionFailed(kind: KindRef, failed: FailedPrecondition): StatusError {
  const { name, field, wanted, found } = failed;
  const cause = field === "UID" ? "deleted and then recreated" : "modified";
  const because = `the ${field} in the precondition (${wanted}) does not match the ${field} in record (${found}). The object might have been ${cause}`;
  return conflict({ group: kind.group, resource: kind.kind }, { name, because });
}

/** A precondition of any write, checked by the storage. `key` is the object's, e.g. `/registry/leases/default/a`. */
export function storagePreconditionFailed(
  resource: ResourceRef,
  { name, field, wanted, found, key }: FailedPrecondition & { readonly key: string },
): StatusError {
  const because = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: ${field} in precondition: ${wanted}, ${field} in object meta: ${found}`;
  return conflict(resource, { name, because });
}

/** A patch with a uid, of an object that is not there. */
export function patchedObjectMissing(
  resource: ResourceRef,
  { name, uid }: { readonly name: string; readonly uid: string },
): StatusError {
  const because = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
  return conflict(resource, { name, because });
}

/** An apply that would take fields from their managers. */
export function applyConflict(message: string, causes: readonly StatusCause[]): StatusError {
  return failure({ code: 409, reason: "Conflict", message, details: causes.length > 0 ? { causes } : {} });
}

/** 410 with a text of its own: what was asked for lies before the horizon. */
export function expired(message: string): StatusError {
  return failure({ code: 410, reason: "Expired", message });
}

export function listExpired(): StatusError {
  return expired("The resourceVersion for the provided list is too old.");
}

export function watchExpired(): StatusError {
  return expired("The resourceVersion for the provided watch is too old.");
}

/** A watch from `since`, where the events from `oldest` on are known. */
export function tooOldResourceVersion({ since, oldest }: ReadableRange): StatusError {
  return expired(`too old resource version: ${since} (${oldest})`);
}

/** A page of a list whose snapshot is gone. With `nextToken` the client may go on, inconsistently. */
export function continueExpired(nextToken: string | undefined): StatusError {
  const begin =
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter";
  if (nextToken === undefined) return expired(`${begin}.`);
  const { status } = expired(
    `${begin}, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.`,
  );
  return new StatusError({ ...status, metadata: { continue: nextToken } });
}

export function requestEntityTooLarge(message: string): StatusError {
  return failure({
    code: 413,
    reason: "RequestEntityTooLarge",
    message: `Request entity too large: ${message}`,
  });
}

export function bodyTooLarge(bytesMax: number): StatusError {
  return requestEntityTooLarge(`limit is ${bytesMax}`);
}

/** 415 for a body in a format that is not read. */
export function unsupportedMediaType(mediaTypes: readonly string[]): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${mediaTypes.join(", ")}`;
  return failure({ code: 415, reason: "UnsupportedMediaType", message });
}

/** 415 from the router, for a patch of no known kind. */
export function unsupportedPatchType(): StatusError {
  return genericResponse(415, "415: Unsupported Media Type");
}

/** 422 with its causes. Equal sentences stand once in the message, but each has its cause. */
export function invalid(
  kind: KindRef,
  { name, errors }: { readonly name: string; readonly errors: readonly FieldError[] },
): StatusError {
  const target = `${kind.group === "" ? kind.kind : `${kind.kind}.${kind.group}`} ${quote(name)} is invalid`;
  const causes = errors.map(causeOf);
  return failure({
    code: 422,
    reason: "Invalid",
    message: errors.length === 0 ? target : `${target}: ${aggregateErrors(errors)}`,
    details: { ...about({ group: kind.group, resource: kind.kind }, name), ...(causes[0] && { causes }) },
  });
}

/** 422 of a patch that cannot be carried out; which of its operations failed is not told. */
export function unprocessablePatch(): StatusError {
  return genericResponse(422);
}

export function tooManyRequests(message: string, retryAfterSeconds: number): StatusError {
  const details = retryAfterSeconds === 0 ? {} : { retryAfterSeconds };
  return failure({ code: 429, reason: "TooManyRequests", message, details });
}

export function internalError(message: string): StatusError {
  return failure({
    code: 500,
    reason: "InternalError",
    message: `Internal error occurred: ${message}`,
    details: { causes: [{ message }] },
  });
}

/** 500 for what kube-apiserver never made a Status of: the bare text, without a reason. */
export function unclassified(message: string): StatusError {
  return failure({ code: 500, message });
}

/** The store did not answer; the same request may work in a moment. */
export function serverTimeout(resource: ResourceRef, operation: string): StatusError {
  return failure({
    code: 500,
    reason: "ServerTimeout",
    message: `The ${operation} operation against ${full(resource)} could not be completed at this time, please try again.`,
    details: { ...about(resource, operation), retryAfterSeconds: 2 },
  });
}

export function serviceUnavailable(message: string, retryAfterSeconds: number): StatusError {
  return failure({ code: 503, reason: "ServiceUnavailable", message, details: { retryAfterSeconds } });
}

export function timeout(message: string, retryAfterSeconds = 0): StatusError {
  const details = retryAfterSeconds === 0 ? {} : { retryAfterSeconds };
  return failure({ code: 504, reason: "Timeout", message: `Timeout: ${message}`, details });
}

/** A read or watch of a version that the server has not reached; with 0 it does not say when to try again. */
export function tooLargeResourceVersion(
  { wanted, current }: UnreachedVersion,
  retryAfterSeconds = 1,
): StatusError {
  const message = `Too large resource version: ${wanted}, current: ${current}`;
  const { status } = timeout(message, retryAfterSeconds);
  const cause = { reason: "ResourceVersionTooLarge", message: "Too large resource version" };
  return new StatusError({ ...status, details: { ...status.details, causes: [cause] } });
}

interface NamedReason {
  readonly name: string;
  readonly because: string;
}

export interface FailedPrecondition {
  readonly name: string;
  readonly field: "UID" | "ResourceVersion";
  readonly wanted: string;
  readonly found: string;
}

/** Resource versions as the client wrote them, or as numbers. */
export interface ReadableRange {
  readonly since: string | number;
  readonly oldest: string | number;
}

export interface UnreachedVersion {
  readonly wanted: string | number;
  readonly current: string | number;
}

function failure(status: Omit<StatusBody, "metadata" | "status">): StatusError {
  return new StatusError({ metadata: {}, status: "Failure", ...status });
}

/** Answers that come from outside any resource: the same few sentences, with empty details. */
function genericResponse(code: keyof typeof genericResponses, message?: string): StatusError {
  const generic = genericResponses[code];
  return failure({ code, reason: generic.reason, message: message ?? generic.message, details: {} });
}

const genericResponses = {
  404: { reason: "NotFound", message: "the server could not find the requested resource" },
  405: {
    reason: "MethodNotAllowed",
    message: "the server does not allow this method on the requested resource",
  },
  406: {
    reason: "NotAcceptable",
    message: "the server was unable to respond with a content type that the client supports",
  },
  415: { reason: "UnsupportedMediaType", message: "415: Unsupported Media Type" },
  422: { reason: "Invalid", message: "the server rejected our request due to an error in our request" },
} as const;

function full({ group, resource }: ResourceRef): string {
  return group === "" ? resource : `${resource}.${group}`;
}

function isNothing({ group, resource }: ResourceRef): boolean {
  return group === "" && resource === "";
}

function about({ group, resource }: ResourceRef, name: string): StatusDetails {
  return {
    ...(name !== "" && { name }),
    ...(group !== "" && { group }),
    ...(resource !== "" && { kind: resource }),
  };
}

function causeOf({ type, message, field }: FieldError): StatusCause {
  return { reason: type, message, ...(field !== "" && { field }) };
}

function denial(attempt: AccessAttempt): string {
  const begin = `User ${quote(attempt.user)} cannot ${attempt.verb}`;
  if ("path" in attempt) return `${begin} path ${quote(attempt.path)}`;
  const { group, resource, subresource, namespace } = attempt;
  const target = quote(subresource === "" ? resource : `${resource}/${subresource}`);
  const where = namespace === "" ? "at the cluster scope" : `in the namespace ${quote(namespace)}`;
  return `${begin} resource ${target} in API group ${quote(group)} ${where}`;
}

/** A browser that shows the answer must not run what a user name says. */
function escapeMarkup(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

export type { ApiObject, Kind } from "./kind.ts";
export { apiVersionOf } from "./kind.ts";
export { StatusError } from "./status-error.ts";
export type { FieldError, FieldErrorType } from "./field-error.ts";
export { isPrintable, quote } from "./quote.ts";
export type { AccessAttempt, KindRef, ResourceRef } from "./status-errors.ts";
export * as statusErrors from "./status-errors.ts";
export type { Field, FieldsV1, JsonObject, JsonValue, MessageTable, ScalarType } from "./schema.ts";
export type { ManagedFieldsEntry } from "./meta/object-meta.ts";

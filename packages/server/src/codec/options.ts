import {
  statusErrors,
  validateDeleteOptions,
  validatePatchOptions,
  validateWriteOptions,
  type DeleteOptionsValue,
  type FieldError,
} from "@leasehold/api";
import type { Deletion } from "../registry/before-delete.ts";
import type { Preconditions } from "../registry/preconditions.ts";
import { fieldManager } from "./field-manager.ts";
import { flagParameter, integerParameter, textParameter, type Query } from "./query.ts";

/** What the parameters of a create, update or patch say. */
export interface WriteOptions {
  readonly dryRun: boolean;
  /** The name under which managed fields are recorded. */
  readonly manager: string;
  readonly fieldValidation: "Strict" | "Warn" | "Ignore";
  /** Only an apply may have it. */
  readonly force: boolean;
}

/** Which request the parameters belong to: each calls its options by another name. */
export type WriteOptionsKind = "CreateOptions" | "UpdateOptions" | "PatchOptions";

export interface WriteOptionsRequest {
  readonly kind: WriteOptionsKind;
  readonly query: Query;
  readonly userAgent: string;
  readonly isApply: boolean;
}

/** Reads and checks the parameters of a write. Refuses with a 422 in the options' own name. */
export function writeOptions({ kind, query, userAgent, isApply }: WriteOptionsRequest): WriteOptions {
  const dryRun = query.get("dryRun") ?? [];
  // Bytes that are no text count as replacement characters, which a name may hold.
  const manager = textParameter(query, "fieldManager").toWellFormed();
  const validation = textParameter(query, "fieldValidation");
  const force = kind === "PatchOptions" ? flagParameter(query, "force") : undefined;
  const options = { dryRun, fieldManager: manager, fieldValidation: validation, force };
  const errors =
    kind === "PatchOptions" ? validatePatchOptions(options, { isApply }) : validateWriteOptions(options);
  refuseOptions(kind, errors);
  return {
    dryRun: dryRun.length > 0,
    manager: isApply ? manager : fieldManager(manager, userAgent),
    fieldValidation: validation === "Strict" || validation === "Ignore" ? validation : "Warn",
    force: force ?? false,
  };
}

/**
 * Reads a deletion's options from the URL, where a request without a body has them. The grace period has to be a number and
 * matters to no kind of ours.
 */
export function deleteOptionsOf(query: Query): StatedDeletion {
  const grace = integerParameter(query, "gracePeriodSeconds");
  if (grace.kind === "malformed") throw statusErrors.badRequest(grace.message);
  return {
    dryRun: query.get("dryRun"),
    preconditions: preconditionsOf(query),
    orphanDependents: flagParameter(query, "orphanDependents"),
    propagationPolicy: query.get("propagationPolicy")?.[0],
  };
}

/**
 * The parameters of a list share a name with one of these: a collection that is deleted as of some version is only deleted
 * where its objects are of that version, too.
 */
function preconditionsOf(query: Query): Preconditions | undefined {
  const uid = textParameter(query, "uid") || undefined;
  const resourceVersion = textParameter(query, "resourceVersion") || undefined;
  return uid === undefined && resourceVersion === undefined ? undefined : { uid, resourceVersion };
}

export interface StatedDeletion extends DeleteOptionsValue {
  readonly preconditions?: Preconditions | undefined;
}

export interface DeletionRequest {
  readonly deletion: Deletion;
  readonly dryRun: boolean;
}

/** Checks a deletion's options, wherever they stood. */
export function deletionOf(options: StatedDeletion): DeletionRequest {
  refuseOptions("DeleteOptions", validateDeleteOptions(options));
  const { preconditions = {}, propagationPolicy, orphanDependents } = options;
  return {
    deletion: { preconditions, propagationPolicy, orphanDependents },
    dryRun: (options.dryRun ?? []).length > 0,
  };
}

/** Refuses options with field errors. */
export function refuseOptions(kind: string, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw statusErrors.invalid({ group: "meta.k8s.io", kind }, { name: "", errors });
}

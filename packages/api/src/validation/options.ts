import type { FieldError } from "../field-error.ts";
import { asJson, forbidden, invalidValue, notSupported, required } from "./field-errors.ts";
import { validateFieldManager } from "./managed-fields.ts";

/** The parameters of every request that writes. */
export interface WriteOptions {
  readonly dryRun?: readonly string[] | undefined;
  readonly fieldManager?: string | undefined;
  readonly fieldValidation?: string | undefined;
}

export interface PatchOptions extends WriteOptions {
  readonly force?: boolean | undefined;
}

/** What is checked of a deletion's options. */
export interface DeleteOptionsValue {
  readonly dryRun?: readonly string[] | undefined;
  readonly orphanDependents?: boolean | undefined;
  readonly propagationPolicy?: string | undefined;
}

/** What is checked of the parameters of a list or watch. */
export interface ListOptionsValue {
  readonly watch?: boolean | undefined;
  readonly resourceVersion?: string | undefined;
  readonly resourceVersionMatch?: string | undefined;
  readonly continue?: string | undefined;
  readonly sendInitialEvents?: boolean | undefined;
}

/** CreateOptions and UpdateOptions. */
export function validateWriteOptions(options: WriteOptions): readonly FieldError[] {
  return [
    ...validateFieldManager(options.fieldManager ?? "", "fieldManager"),
    ...validateDryRun(options.dryRun ?? []),
    ...validateFieldValidation(options.fieldValidation ?? ""),
  ];
}

export function validatePatchOptions(
  options: PatchOptions,
  { isApply }: { readonly isApply: boolean },
): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (isApply && (options.fieldManager ?? "") === "") {
    errors.push(required("fieldManager", "is required for apply patch"));
  }
  if (!isApply && options.force !== undefined) {
    errors.push(forbidden("force", "may not be specified for non-apply patch"));
  }
  return [...errors, ...validateWriteOptions(options)];
}

export function validateDeleteOptions(options: DeleteOptionsValue): readonly FieldError[] {
  const { propagationPolicy, orphanDependents } = options;
  const errors: FieldError[] = [];
  if (orphanDependents !== undefined && propagationPolicy !== undefined) {
    const because = "orphanDependents and deletionPropagation cannot be both set";
    errors.push(invalidValue("propagationPolicy", { found: asJson(propagationPolicy), because }));
  }
  if (propagationPolicy !== undefined && !propagationPolicies.includes(propagationPolicy)) {
    const supported = [...propagationPolicies, "nil"];
    errors.push(notSupported("propagationPolicy", { found: asJson(propagationPolicy), supported }));
  }
  return [...errors, ...validateDryRun(options.dryRun ?? [])];
}

/** ListOptions, of a list or, with `watch`, of a watch. */
export function validateListOptions(options: ListOptionsValue): readonly FieldError[] {
  return options.watch === true ? validateWatch(options) : validateList(options);
}

/** TableOptions: how much of each object stands in its row. */
export function validateTableOptions({
  includeObject,
}: {
  readonly includeObject: string;
}): readonly FieldError[] {
  if (["", "None", "Metadata", "Object"].includes(includeObject)) return [];
  const because = "must be 'Metadata', 'Object', 'None', or empty";
  return [invalidValue("includeObject", { found: asJson(includeObject), because })];
}

const propagationPolicies: readonly string[] = ["Foreground", "Background", "Orphan"];
const fieldValidations: readonly string[] = ["", "Ignore", "Strict", "Warn"];
const match = "resourceVersionMatch";

function validateDryRun(dryRun: readonly string[]): readonly FieldError[] {
  if (dryRun.every((value) => value === "All")) return [];
  return [notSupported("dryRun", { found: asJson(dryRun), supported: ["All"] })];
}

function validateFieldValidation(found: string): readonly FieldError[] {
  if (fieldValidations.includes(found)) return [];
  return [notSupported("fieldValidation", { found, supported: fieldValidations })];
}

function validateList(options: ListOptionsValue): readonly FieldError[] {
  const wanted = options.resourceVersionMatch ?? "";
  const version = options.resourceVersion ?? "";
  const errors: FieldError[] = [];
  if (wanted !== "") {
    if (version === "") {
      errors.push(forbidden(match, "resourceVersionMatch is forbidden unless resourceVersion is provided"));
    }
    if ((options.continue ?? "") !== "") errors.push(forbidden(match, forbiddenWithContinue));
    if (wanted !== "Exact" && wanted !== "NotOlderThan") {
      errors.push(notSupported(match, { found: asJson(wanted), supported: ["Exact", "NotOlderThan", ""] }));
    }
    if (wanted === "Exact" && version === "0") {
      errors.push(forbidden(match, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
    }
  }
  if (options.sendInitialEvents !== undefined) {
    errors.push(forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
  }
  return errors;
}

function validateWatch(options: ListOptionsValue): readonly FieldError[] {
  const wanted = options.resourceVersionMatch ?? "";
  const errors: FieldError[] = [];
  if (options.sendInitialEvents !== undefined && wanted !== "NotOlderThan") {
    errors.push(forbidden(match, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
  }
  if (wanted === "") return errors;
  if (options.sendInitialEvents === undefined) {
    errors.push(
      forbidden(match, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"),
    );
  }
  if (wanted !== "NotOlderThan") {
    errors.push(notSupported(match, { found: asJson(wanted), supported: ["NotOlderThan"] }));
  }
  if ((options.continue ?? "") !== "") errors.push(forbidden(match, forbiddenWithContinue));
  return errors;
}

const forbiddenWithContinue = "resourceVersionMatch is forbidden when continue is provided";

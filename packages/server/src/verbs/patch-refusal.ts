import { quote, statusErrors } from "@leasehold/api";
import type { ApplyOutcome } from "../registry/patch/apply.ts";
import type { PatchRefusal } from "../registry/patch/outcome.ts";

/** The Status of a patch that cannot be applied. */
export function refusePatch(refusal: PatchRefusal): never {
  switch (refusal.kind) {
    case "bad-request":
      throw statusErrors.badRequest(refusal.message);
    case "too-large":
      throw statusErrors.requestEntityTooLarge(refusal.message);
    case "unprocessable":
      throw statusErrors.unprocessablePatch();
    case "invalid":
      throw statusErrors.invalid(nothing, { name: "", errors: [invalidPatch(refusal)] });
    case "internal":
      throw statusErrors.unclassified(refusal.message);
  }
}

/** The Status of an apply that cannot be carried out. */
export function refuseApply(refusal: Exclude<ApplyOutcome, { kind: "applied" }>): never {
  switch (refusal.kind) {
    case "conflict":
      throw statusErrors.applyConflict(
        refusal.message,
        refusal.conflicts.map(({ field, message }) => ({ reason: "FieldManagerConflict", message, field })),
      );
    case "bad-request":
      throw statusErrors.badRequest(refusal.message);
    case "internal":
      throw statusErrors.unclassified(refusal.message);
  }
}

const nothing = { group: "", kind: "" };

function invalidPatch({ value, detail }: { value: string; detail: string }) {
  const message = `Invalid value: ${quote(value)}: ${detail}`;
  return { type: "FieldValueInvalid", field: "patch", message } as const;
}

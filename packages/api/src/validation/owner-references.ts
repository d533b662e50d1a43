import type { FieldError } from "../field-error.ts";
import type { OwnerReference } from "../meta/object-meta.ts";
import { asJson, invalidValue } from "./field-errors.ts";

export function validateOwnerReferences(
  owners: readonly OwnerReference[],
  field: string,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  let controller: string | undefined;
  for (const owner of owners) {
    errors.push(...validateOwnerReference(owner, field));
    if (owner.controller !== true) continue;
    const name = `${owner.kind}/${owner.name}`;
    if (controller === undefined) {
      controller = name;
    } else {
      const because = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`;
      errors.push(invalidValue(field, { found: asJson(owners.map(inGoOrder)), because }));
    }
  }
  return errors;
}

function validateOwnerReference(owner: OwnerReference, field: string): readonly FieldError[] {
  const { apiVersion, kind, name, uid } = owner;
  const errors: FieldError[] = [];
  if (!hasVersion(apiVersion)) {
    errors.push(
      invalidValue(`${field}.apiVersion`, { found: apiVersion, because: "version must not be empty" }),
    );
  }
  const because = "must not be empty";
  if (kind === "") errors.push(invalidValue(`${field}.kind`, { found: kind, because }));
  if (name === "") errors.push(invalidValue(`${field}.name`, { found: name, because }));
  if (uid === "") errors.push(invalidValue(`${field}.uid`, { found: asJson(uid), because }));
  if ((apiVersion === "v1" || apiVersion === "/v1") && kind === "Event") {
    const because = "/v1, Kind=Event is disallowed from being an owner";
    errors.push(invalidValue(field, { found: asJson(inGoOrder(owner)), because }));
  }
  return errors;
}

/** `v1` and `group/v1` have one; the empty text, `group/` and anything with two slashes has none. */
function hasVersion(apiVersion: string): boolean {
  const parts = apiVersion.split("/");
  return parts.length <= 2 && parts.at(-1) !== "";
}

/** As the sentence shows it: fields in the order of Kubernetes' type, whatever the client's order was. */
function inGoOrder({ apiVersion, kind, name, uid, controller, blockOwnerDeletion }: OwnerReference): unknown {
  return { apiVersion, kind, name, uid, controller, blockOwnerDeletion };
}

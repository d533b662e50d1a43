import type { FieldError } from "../field-error.ts";
import { extraValueIn } from "../meta/extra-value.ts";
import { message, type ValueOf } from "../schema.ts";
import { invalidValue } from "../validation/field-errors.ts";
import { validateAttributes } from "./access-rules.ts";
import { authorizationPackage, attributesFields } from "./access-attributes.ts";

/** What is asked about somebody: in one namespace, or anywhere. */
export const subjectAccessReviewSpec = message({
  name: "SubjectAccessReviewSpec",
  package: authorizationPackage,
  description: "Who would make which request. Exactly one of the two kinds of attributes must be given.",
  fields: [
    ...attributesFields,
    {
      name: "user",
      number: 3,
      type: "string",
      presence: "value",
      description: "The user's name. With groups alone the question is about any user in them.",
    },
    {
      name: "groups",
      number: 4,
      type: "string",
      container: "list",
      presence: "value",
      listType: "atomic",
      description: "The groups that the user is in.",
    },
    {
      name: "extra",
      number: 5,
      type: extraValueIn(authorizationPackage),
      container: "map",
      presence: "value",
      description: "What an authenticator says of the user beside that.",
    },
    { name: "uid", number: 6, type: "string", presence: "value", description: "The user's uid." },
  ],
});

export type SubjectAccessReviewSpec = ValueOf<typeof subjectAccessReviewSpec>;

export function validateSubjectAccessReviewSpec(spec: SubjectAccessReviewSpec): readonly FieldError[] {
  const { user = "", groups = [] } = spec;
  const because = "at least one of user or group must be specified";
  const nobody =
    user === "" && groups.length === 0 ? [invalidValue("spec.user", { found: "", because })] : [];
  return validateAttributes(spec, nobody);
}

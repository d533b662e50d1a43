import type { FieldError } from "../field-error.ts";
import type { ApiObject, Column } from "../kind.ts";
import { message, type ValueOf } from "../schema.ts";
import { asJson, invalidValue, invalidValues, notSupported, required } from "../validation/field-errors.ts";
import { nameMessages } from "../validation/names.ts";
import { ageColumn, nameColumn, textColumn } from "./columns.ts";
import { rbacPackage } from "./policy-rule.ts";

/** What bindings of both scopes have in common: a role, and those who get it. */

export const rbacGroup = "rbac.authorization.k8s.io";

/** One who gets the role. */
const subject = message({
  name: "Subject",
  package: rbacPackage,
  description: "Somebody who gets the role: a user, a group or a service account.",
  fields: [
    {
      name: "kind",
      number: 1,
      type: "string",
      presence: "always",
      required: true,
      default: "",
      description: "User, Group or ServiceAccount.",
    },
    {
      name: "apiGroup",
      number: 2,
      type: "string",
      presence: "value",
      description: "Empty for service accounts, rbac.authorization.k8s.io for users and groups.",
    },
    {
      name: "name",
      number: 3,
      type: "string",
      presence: "always",
      required: true,
      default: "",
      description: "Name of the user, group or service account.",
    },
    {
      name: "namespace",
      number: 4,
      type: "string",
      presence: "value",
      description: "Namespace of the service account.",
    },
  ],
});

/** The role that is given. */
const roleRef = message({
  name: "RoleRef",
  package: rbacPackage,
  description: "Names the role that is given.",
  fields: [
    {
      name: "apiGroup",
      number: 1,
      type: "string",
      presence: "always",
      default: "",
      description: "rbac.authorization.k8s.io.",
    },
    {
      name: "kind",
      number: 2,
      type: "string",
      presence: "always",
      required: true,
      default: "",
      description: "Role or ClusterRole.",
    },
    {
      name: "name",
      number: 3,
      type: "string",
      presence: "always",
      required: true,
      default: "",
      description: "Name of the role.",
    },
  ],
});

/** Who gets which role, in a binding of either scope. */
export const bindingFields = [
  {
    name: "subjects",
    number: 2,
    type: subject,
    container: "list",
    presence: "value",
    listType: "atomic",
    mapType: "atomic",
    description: "Those who get the role.",
  },
  {
    name: "roleRef",
    number: 3,
    type: roleRef,
    presence: "always",
    required: true,
    default: {},
    mapType: "atomic",
    description: "The role that they get. Cannot be changed.",
  },
] as const;

export type Subject = ValueOf<typeof subject>;
export type RoleRef = ValueOf<typeof roleRef>;

export interface BindingParts {
  readonly subjects?: readonly Subject[] | undefined;
  readonly roleRef: RoleRef;
}

/** Writes down the group that was meant. */
export function withBindingDefaults<B extends BindingParts>(binding: B): B {
  const apiGroup = binding.roleRef.apiGroup || rbacGroup;
  const subjects = binding.subjects?.map(withSubjectDefaults);
  return { ...binding, roleRef: { ...binding.roleRef, apiGroup }, ...(subjects && { subjects }) };
}

export interface BindingRules {
  /** The kinds of role that may be given. */
  readonly roles: readonly string[];
  readonly isNamespaced: boolean;
}

export function validateBinding(
  { roleRef, subjects = [] }: BindingParts,
  { roles, isNamespaced }: BindingRules,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { apiGroup, kind, name } = roleRef;
  if (apiGroup !== rbacGroup) {
    errors.push(notSupported("roleRef.apiGroup", { found: apiGroup, supported: [rbacGroup] }));
  }
  if (!roles.includes(kind)) errors.push(notSupported("roleRef.kind", { found: kind, supported: roles }));
  if (name === "") errors.push(required("roleRef.name"));
  errors.push(...invalidValues("roleRef.name", { found: name, messages: nameMessages("segment", name) }));
  for (const [index, subject] of subjects.entries()) {
    errors.push(...validateSubject(subject, { field: `subjects[${index}]`, isNamespaced }));
  }
  return errors;
}

/** A binding gives one role for good: what it meant to those who approved it must not change under them. */
export function validateSameRole({ roleRef }: BindingParts, old: BindingParts): readonly FieldError[] {
  const { apiGroup, kind, name } = roleRef;
  const isSame = apiGroup === old.roleRef.apiGroup && kind === old.roleRef.kind && name === old.roleRef.name;
  if (isSame) return [];
  const found = asJson({ APIGroup: apiGroup, Kind: kind, Name: name });
  return [invalidValue("roleRef", { found, because: "cannot change roleRef" })];
}

/** The columns of a Table of bindings; `noun` and the role's description are what kube-apiserver says of the kind. */
export function bindingColumns<B extends ApiObject & BindingParts>({
  noun,
  role,
}: {
  readonly noun: string;
  readonly role: string;
}): readonly Column<B>[] {
  const subjectColumn = (name: string, kind: string): Column<B> =>
    textColumn({ name, description: `${name} in the ${noun}`, wide: true }, ({ subjects = [] }) =>
      subjects
        .filter((subject) => subject.kind === kind)
        .map(displayName)
        .join(", "),
    );
  return [
    nameColumn,
    textColumn({ name: "Role", description: role }, ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`),
    ageColumn,
    subjectColumn("Users", "User"),
    subjectColumn("Groups", "Group"),
    subjectColumn("ServiceAccounts", "ServiceAccount"),
  ];
}

function withSubjectDefaults(subject: Subject): Subject {
  const isNamedInGroup = subject.kind === "User" || subject.kind === "Group";
  return isNamedInGroup && (subject.apiGroup ?? "") === "" ? { ...subject, apiGroup: rbacGroup } : subject;
}

function displayName({ kind, namespace = "", name }: Subject): string {
  return kind === "ServiceAccount" ? `${namespace}/${name}` : name;
}

function validateSubject(
  { kind, name, apiGroup = "", namespace = "" }: Subject,
  { field, isNamespaced }: { readonly field: string; readonly isNamespaced: boolean },
): readonly FieldError[] {
  const errors: FieldError[] = name === "" ? [required(`${field}.name`)] : [];
  const wantedGroup = kind === "ServiceAccount" ? "" : rbacGroup;
  switch (kind) {
    case "ServiceAccount":
      if (name !== "") {
        const messages = nameMessages("subdomain", name);
        errors.push(...invalidValues(`${field}.name`, { found: name, messages }));
      }
      break;
    case "User":
    case "Group":
      break;
    default:
      return [...errors, notSupported(`${field}.kind`, { found: kind, supported: subjectKinds })];
  }
  if (apiGroup !== wantedGroup) {
    errors.push(notSupported(`${field}.apiGroup`, { found: apiGroup, supported: [wantedGroup] }));
  }
  if (kind === "ServiceAccount" && !isNamespaced && namespace === "") {
    errors.push(required(`${field}.namespace`));
  }
  return errors;
}

const subjectKinds: readonly string[] = ["ServiceAccount", "User", "Group"];

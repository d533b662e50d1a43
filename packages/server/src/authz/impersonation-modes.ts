import { statusErrors, type StatusError } from "@leasehold/api";
import type { User } from "../authn/user.ts";
import { nodeOf, serviceAccountGroups, serviceAccountOf } from "../authn/well-known-users.ts";
import type { Attributes, ResourceAttributes } from "./attributes.ts";
import type { Authorizer } from "./authorizer.ts";
import { extraProblem } from "./impersonated-extra.ts";
import { superuserGroup } from "./superuser.ts";

/** One way in which somebody may become somebody else. */
export type ImpersonationMode = (attempt: Impersonation) => ImpersonationResult;

export interface Impersonation {
  readonly authorizer: Authorizer;
  /** The request itself, as its sender's. */
  readonly attributes: Attributes;
  /** Whom the headers name. */
  readonly wanted: User;
}

export type ImpersonationResult =
  | { readonly kind: "allowed"; readonly user: User }
  | { readonly kind: "refused"; readonly error: StatusError }
  /** The mode is not for such users. */
  | { readonly kind: "not-meant" };

const authenticationGroup = "authentication.k8s.io";

/**
 * In the order in which they are tried. Each asks two things: may the sender do this very request in this mode
 * (`impersonate-on:<mode>:<verb>`), and may it be that user (`impersonate:<mode>`).
 * Source: apiserver/pkg/endpoints/filters/impersonation/mode.go.
 */
export const constrainedModes: readonly ImpersonationMode[] = [
  constrained("associated-node", ({ attributes, wanted }) => {
    const node = nodeOf(wanted);
    return node !== undefined && isNameOnly(wanted) && isOnNode(attributes.user, node);
  }),
  constrained("arbitrary-node", ({ wanted }) => nodeOf(wanted) !== undefined && isNameOnly(wanted)),
  constrained("serviceaccount", ({ wanted }) => serviceAccountOf(wanted) !== undefined && isNameOnly(wanted)),
  constrained(
    "user-info",
    ({ wanted }) => nodeOf(wanted) === undefined && serviceAccountOf(wanted) === undefined,
  ),
];

/** The verb that Kubernetes has known from its beginnings: whoever may use it on a user may do what the user may. */
export const legacyMode: ImpersonationMode = (attempt) =>
  becomeUser(attempt, { verb: "impersonate", mode: undefined, group: "", version: "v1" });

type ModeName = "associated-node" | "arbitrary-node" | "serviceaccount" | "user-info";

function constrained(mode: ModeName, isMeant: (attempt: Impersonation) => boolean): ImpersonationMode {
  const means: Means = { verb: `impersonate:${mode}`, mode, group: authenticationGroup, version: "v1" };
  return (attempt) => {
    if (!isMeant(attempt)) return { kind: "not-meant" };
    const { attributes } = attempt;
    const refusal = refusalOf(attempt, { ...attributes, verb: `impersonate-on:${mode}:${attributes.verb}` });
    return refusal === undefined ? becomeUser(attempt, means) : { kind: "refused", error: refusal };
  };
}

/** What the rights to be a user are called. */
interface Means {
  readonly verb: string;
  readonly mode: ModeName | undefined;
  /** Of users and groups. Uids and extras are always the authentication group's. */
  readonly group: string;
  readonly version: string;
}

function becomeUser(attempt: Impersonation, means: Means): ImpersonationResult {
  const error =
    refusedName(attempt, means) ??
    refusedUid(attempt, means) ??
    refusedGroups(attempt, means) ??
    refusedExtra(attempt, means);
  if (error !== undefined) return { kind: "refused", error };
  return { kind: "allowed", user: { ...attempt.wanted, groups: groupsOf(attempt.wanted, means) } };
}

/** Service accounts and nodes are in groups that follow from their names; a node only where it is known to be one. */
function groupsOf(wanted: User, { mode }: Means): readonly string[] {
  if (mode !== undefined && nodeOf(wanted) !== undefined) return ["system:nodes"];
  const account = serviceAccountOf(wanted);
  return account !== undefined && wanted.groups.length === 0 ? serviceAccountGroups(account) : wanted.groups;
}

function refusedName(attempt: Impersonation, means: Means): StatusError | undefined {
  const { wanted } = attempt;
  const account = serviceAccountOf(wanted);
  const node = means.mode === undefined ? undefined : nodeOf(wanted);
  if (account !== undefined) return refusedPart(attempt, means, { resource: "serviceaccounts", ...account });
  // A right that is bound to the sender's own node says so without naming it.
  if (node !== undefined) {
    const name = means.mode === "associated-node" ? "*" : node;
    return refusedPart(attempt, means, { resource: "nodes", name });
  }
  return refusedPart(attempt, means, { resource: "users", name: wanted.name });
}

function refusedUid(attempt: Impersonation, means: Means): StatusError | undefined {
  const { uid } = attempt.wanted;
  if (uid === "") return undefined;
  return refusedPart(attempt, means, { resource: "uids", name: uid, group: authenticationGroup });
}

function refusedGroups(attempt: Impersonation, means: Means): StatusError | undefined {
  const { groups } = attempt.wanted;
  const refused = (name: string): StatusError | undefined =>
    refusedPart(attempt, means, { resource: "groups", name });
  if (means.mode !== undefined) {
    const never = (name: string, because: string): StatusError =>
      denied(partOf(attempt, means, { resource: "groups", name }), because);
    if (groups.includes("")) return never("", "impersonating the empty string group is not allowed");
    if (groups.includes(superuserGroup))
      return never(superuserGroup, `impersonating the ${superuserGroup} group is not allowed`);
    if (groups.length >= manyChecks && refused("*") === undefined) return undefined;
  }
  return firstOf(groups, refused);
}

function refusedExtra(attempt: Impersonation, means: Means): StatusError | undefined {
  const { extra } = attempt.wanted;
  const pairs = Object.entries(extra).flatMap(([key, values]) => values.map((value) => ({ key, value })));
  const refused = ({
    key,
    value,
  }: {
    readonly key: string;
    readonly value: string;
  }): StatusError | undefined =>
    refusedPart(attempt, means, { ...userExtras, subresource: key, name: value });
  if (means.mode !== undefined) {
    const problem = extraProblem(extra);
    if (problem !== undefined) return denied(partOf(attempt, means, { ...userExtras, name: "" }), problem);
    const isMany = pairs.length >= manyChecks;
    if (isMany && refused({ key: "*", value: "*" }) === undefined) return undefined;
  }
  return firstOf(pairs, refused);
}

const userExtras = { resource: "userextras", group: authenticationGroup } as const;

/** From so many groups or extras on, a right to all of them is looked for first. */
const manyChecks = 4;

type Part = Pick<ResourceAttributes, "resource" | "name"> &
  Partial<Pick<ResourceAttributes, "group" | "namespace" | "subresource">>;

function refusedPart(attempt: Impersonation, means: Means, part: Part): StatusError | undefined {
  return refusalOf(attempt, partOf(attempt, means, part));
}

function partOf(
  { attributes }: Impersonation,
  { verb, group, version }: Means,
  part: Part,
): ResourceAttributes {
  return {
    kind: "resource",
    user: attributes.user,
    verb,
    group,
    version,
    namespace: "",
    subresource: "",
    ...part,
  };
}

function refusalOf({ authorizer }: Impersonation, attributes: Attributes): StatusError | undefined {
  const decision = authorizer.authorize(attributes);
  return decision.kind === "allowed" ? undefined : denied(attributes, decision.reason);
}

function denied(attributes: Attributes, reason: string): StatusError {
  return statusErrors.accessDenied({ ...attributes, user: attributes.user.name }, reason);
}

function firstOf<T>(
  items: readonly T[],
  refused: (item: T) => StatusError | undefined,
): StatusError | undefined {
  for (const item of items) {
    const error = refused(item);
    if (error !== undefined) return error;
  }
  return undefined;
}

function isNameOnly({ uid, groups, extra }: User): boolean {
  return uid === "" && groups.length === 0 && Object.keys(extra).length === 0;
}

/** A service account whose token was made for a pod carries the name of the pod's node. */
function isOnNode(sender: User, node: string): boolean {
  const nodes = sender.extra["authentication.kubernetes.io/node-name"] ?? [];
  return serviceAccountOf(sender) !== undefined && nodes.length === 1 && nodes[0] === node;
}

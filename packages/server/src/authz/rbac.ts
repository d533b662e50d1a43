import type { User } from "../authn/user.ts";
import { limits } from "../limits.ts";
import type { Attributes } from "./attributes.ts";
import { type Authorizer, type Decision, noOpinion } from "./authorizer.ts";
import { type Grants, grantsFor } from "./grants.ts";
import { missingRolesText } from "./missing-roles.ts";
import type { Policy } from "./policy.ts";
import { ruleAllows } from "./rule-allows.ts";

/** Tells what a user may do altogether, for reviews and for whoever wants to grant something. */
export interface RuleResolver {
  /** `namespace` empty: what counts in the whole cluster. */
  rulesFor(user: User, namespace: string): Grants;
}

/** Decides by Roles and bindings: kubernetes/plugin/pkg/auth/authorizer/rbac. */
export function createRbac(
  policy: Policy,
  usersMax: number = limits.authzUsersRemembered,
): Authorizer & RuleResolver {
  const rulesFor = remembering(policy, usersMax);
  return {
    rulesFor,
    authorize(attributes) {
      const { user } = attributes;
      const grants = rulesFor(user, attributes.kind === "resource" ? attributes.namespace : "");
      return decide(grants, attributes);
    },
  };
}

function decide({ grants, missing }: Grants, attributes: Attributes): Decision {
  for (const { rules, source } of grants) {
    for (const rule of rules) {
      if (ruleAllows(rule, attributes)) return { kind: "allowed", reason: `RBAC: allowed by ${source}` };
    }
  }
  return missing.length === 0
    ? noOpinion
    : { kind: "no-opinion", reason: `RBAC: ${missingRolesText(missing)}` };
}

/**
 * Which grants concern whom is worked out once for each user and namespace, and again after any change of the policy. Users are
 * told apart by name and groups, as that is all that a binding can name. The one remembered longest makes room.
 */
function remembering(policy: Policy, usersMax: number): RuleResolver["rulesFor"] {
  const known = new Map<string, Grants>();
  let generation = policy.generation;
  return (user, namespace) => {
    if (generation !== policy.generation) {
      known.clear();
      generation = policy.generation;
    }
    const key = JSON.stringify([namespace, user.name, user.groups]);
    const before = known.get(key);
    if (before !== undefined) return before;
    const grants = grantsFor(policy, user, namespace);
    if (known.size >= usersMax) for (const oldest of known.keys()) if (known.delete(oldest)) break;
    known.set(key, grants);
    return grants;
  };
}

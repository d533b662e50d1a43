import type { StatusError } from "@leasehold/api";
import { type Headers, wantedUser } from "../authn/impersonation.ts";
import { anonymousName, authenticatedGroup, unauthenticatedGroup, type User } from "../authn/user.ts";
import { limits } from "../limits.ts";
import type { Attributes } from "./attributes.ts";
import type { Authorizer } from "./authorizer.ts";
import { constrainedModes, type ImpersonationMode, legacyMode } from "./impersonation-modes.ts";

/**
 * The user as whom a request goes on: the one who sent it (`attributes.user`), or the one its Impersonate headers name, when the
 * first may be the second. Throws the 400 or 403.
 */
export type Impersonator = (headers: Headers, attributes: Attributes) => User;

/**
 * kube-apiserver's constrained impersonation (on by default since 1.36): the narrower ways of being somebody else are tried first,
 * and the plain `impersonate` verb last. Whoever may in none of them reads the refusal of the first that was tried; which one that
 * is depends on which worked last for the same user, so this is remembered.
 */
export function createImpersonator(authorizer: Authorizer): Impersonator {
  const remembered = new Map<string, ImpersonationMode>();
  return (headers, attributes) => {
    const wanted = wantedUser(headers);
    if (wanted === undefined) return attributes.user;
    const last = remembered.get(attributes.user.name);
    let refusal: StatusError | undefined;
    for (const mode of inOrder(last)) {
      const result = mode({ authorizer, attributes, wanted });
      if (result.kind === "allowed") {
        remember(remembered, attributes.user, mode);
        return withUsualGroup(result.user);
      }
      if (result.kind === "refused") refusal ??= result.error;
    }
    // The last mode is about every user, so that somebody has refused.
    throw refusal ?? new Error(`no way to impersonate ${wanted.name} was tried`);
  };
}

const modes: readonly ImpersonationMode[] = [...constrainedModes, legacyMode];

function inOrder(last: ImpersonationMode | undefined): readonly ImpersonationMode[] {
  return last === undefined ? modes : [last, ...modes.filter((mode) => mode !== last)];
}

function remember(remembered: Map<string, ImpersonationMode>, { name }: User, mode: ImpersonationMode): void {
  remembered.delete(name);
  remembered.set(name, mode);
  if (remembered.size <= limits.impersonatorsRemembered) return;
  for (const oldest of remembered.keys()) if (remembered.delete(oldest)) return;
}

/** Whoever is impersonated counts as authenticated, unless the headers say otherwise or nobody in particular is meant. */
function withUsualGroup(user: User): User {
  const isStranger = user.name === anonymousName || user.groups.includes(unauthenticatedGroup);
  const group = isStranger ? unauthenticatedGroup : authenticatedGroup;
  return user.groups.includes(group) ? user : { ...user, groups: [...user.groups, group] };
}

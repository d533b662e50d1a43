import type { Attributes } from "./attributes.ts";

/** Nothing here forbids: whoever is not allowed by anybody is refused. */
export type Decision =
  | { readonly kind: "allowed"; readonly reason: string }
  /** The reason stands in the 403, behind what was wanted; mostly it is empty. */
  | { readonly kind: "no-opinion"; readonly reason: string };

/** Answers from memory, without waiting: it is asked once for every request, and for each impersonation several times. */
export interface Authorizer {
  authorize(attributes: Attributes): Decision;
}

/** Asks one after the other until somebody allows it. */
export function anyOf(authorizers: readonly Authorizer[]): Authorizer {
  return {
    authorize(attributes) {
      let reason = "";
      for (const authorizer of authorizers) {
        const decision = authorizer.authorize(attributes);
        if (decision.kind === "allowed") return decision;
        if (decision.reason === "") continue;
        reason = reason === "" ? decision.reason : `${reason}\n${decision.reason}`;
      }
      return reason === "" ? noOpinion : { kind: "no-opinion", reason };
    },
  };
}

export const noOpinion: Decision = { kind: "no-opinion", reason: "" };

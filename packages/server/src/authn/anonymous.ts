import type { Authentication } from "./authenticator.ts";
import { anonymousName, unauthenticatedGroup } from "./user.ts";

/** Whoever brings no credentials is somebody too: authorization decides what a stranger may do. */
export const anonymous = {
  kind: "user",
  user: { name: anonymousName, uid: "", groups: [unauthenticatedGroup], extra: {} },
} as const satisfies Authentication;

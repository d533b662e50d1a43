import type { User } from "../authn/user.ts";

/** What somebody wants to do, as far as it matters for whether they may: kube-apiserver's authorizer.Attributes. */
export type Attributes = ResourceAttributes | PathAttributes;

/** A request for an object, or for a collection of them. */
export interface ResourceAttributes {
  readonly kind: "resource";
  readonly user: User;
  readonly verb: string;
  /** Empty for the core group. */
  readonly group: string;
  /** `*` when every version is meant. */
  readonly version: string;
  /** The plural, without its subresource. */
  readonly resource: string;
  /** Empty when there is none. */
  readonly subresource: string;
  /** Empty at cluster scope, and for all namespaces. */
  readonly namespace: string;
  /** Empty where no single object is meant. */
  readonly name: string;
}

/** A request for any other path. The verb is the HTTP method in lower case. */
export interface PathAttributes {
  readonly kind: "path";
  readonly user: User;
  readonly verb: string;
  readonly path: string;
}

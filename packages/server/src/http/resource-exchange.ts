import type { ApiObject, Kind, ReviewKind, ServedKind, Subresource } from "@leasehold/api";
import type { User } from "../authn/user.ts";
import type { Content } from "../codec/content.ts";
import type { Output } from "../codec/negotiate.ts";
import type { Query } from "../codec/query.ts";
import type { CollectionTarget, ObjectTarget, Registry } from "../registry/target.ts";
import type { WatchEvent } from "../verbs/watch.ts";
import type { HttpRequest } from "./exchange.ts";

/** A request about objects, once it is known who asks, that they may, and in which form they want the answer. */
export interface Asked {
  readonly request: HttpRequest;
  readonly query: Query;
  readonly user: User;
  readonly registry: Registry;
  /** All kinds of the server. */
  readonly kinds: readonly ServedKind[];
  /** Empty for kinds of cluster scope and for all namespaces. */
  readonly namespace: string;
  /** Empty where the path names no object. */
  readonly name: string;
  readonly output: Output;
  /** Puts a sentence into a Warning header, whatever becomes of the request. */
  readonly warn: (text: string) => void;
}

/** The same about a kind that is stored. */
export interface ResourceExchange extends Asked {
  readonly kind: Kind;
  readonly subresource: Subresource | undefined;
  /** Refuses, by throwing, an object that this client may not write: by it, it would give rights that it does not have. */
  readonly admit: (object: ApiObject, old?: ApiObject) => void;
  /** Refuses, by throwing, a client that may not create what it wants to update. */
  readonly authorizeCreate: () => void;
}

/** The same about a kind that is only asked. */
export interface ReviewExchange extends Asked {
  readonly kind: ReviewKind;
}

/** What a verb's work comes to, before it is encoded. */
export type Served =
  | ServedContent
  | { readonly kind: "watch"; readonly events: AsyncIterable<readonly WatchEvent[]> };

export interface ServedContent {
  readonly kind: "content";
  readonly status: number;
  readonly content: Content;
}

/** An object as the answer to a request. */
export function objectContent(of: ServedKind, object: ApiObject, status = 200): ServedContent {
  return { kind: "content", status, content: { kind: "object", of, object } };
}

export function collectionOf({ kind, namespace }: ResourceExchange): CollectionTarget {
  return { kind, namespace };
}

export function objectOfPath({ kind, namespace, name }: ResourceExchange): ObjectTarget {
  return { kind, namespace, name };
}

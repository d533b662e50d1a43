import type { Kind, ServedKind, Subresource } from "@leasehold/api";
import type { Content } from "../codec/content.ts";
import type { Output } from "../codec/negotiate.ts";
import type { Query } from "../codec/query.ts";
import type { CollectionTarget, ObjectTarget, Registry } from "../registry/target.ts";
import type { WatchEvent } from "../verbs/watch.ts";
import type { HttpRequest } from "./exchange.ts";

/** A request about a resource, once it is known who asks, that they may, and in which form they want the answer. */
export interface ResourceExchange {
  readonly request: HttpRequest;
  readonly query: Query;
  readonly registry: Registry;
  readonly kind: Kind;
  /** All kinds of the server. */
  readonly kinds: readonly ServedKind[];
  /** Empty for kinds of cluster scope and for all namespaces. */
  readonly namespace: string;
  /** Empty where the path names no object. */
  readonly name: string;
  readonly subresource: Subresource | undefined;
  readonly output: Output;
  /** Refuses, by throwing, a client that may not create what it wants to update. */
  authorizeCreate(): void;
}

/** What a verb's work comes to, before it is encoded. */
export type Served =
  | {
      readonly kind: "content";
      readonly status: number;
      readonly content: Content;
      readonly warnings: readonly string[];
    }
  | { readonly kind: "watch"; readonly events: AsyncIterable<readonly WatchEvent[]> };

export function collectionOf({ kind, namespace }: ResourceExchange): CollectionTarget {
  return { kind, namespace };
}

export function objectOfPath({ kind, namespace, name }: ResourceExchange): ObjectTarget {
  return { kind, namespace, name };
}

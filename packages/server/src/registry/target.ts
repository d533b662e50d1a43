import { nameMessages, quote, statusErrors, type Kind } from "@leasehold/api";
import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";
import type { Store } from "../store/store.ts";
import type { Feed } from "../watch/feed.ts";

/** What verbs work with: one store, a feed of changes for each kind, and the two impurities. */
export interface Registry {
  readonly store: Store;
  /** The feed that follows the keys of a kind; versions of one resource share it. */
  feedOf(kind: Kind): Feed;
  /** Every version of the resource that a kind is one version of, itself included. */
  versionsOf(kind: Kind): readonly Kind[];
  readonly clock: Clock;
  readonly random: Random;
}

/** The objects of one kind, in one namespace or in all. */
export interface CollectionTarget {
  readonly kind: Kind;
  /** Empty for a kind of cluster scope, and for all namespaces. */
  readonly namespace: string;
}

/** One object, there or not. */
export interface ObjectTarget extends CollectionTarget {
  readonly name: string;
}

/** `/registry/leases/<namespace>/<name>`, and without the namespace for kinds of cluster scope: kube-apiserver's own keys. */
export function keyOf({ kind, namespace, name }: ObjectTarget): string {
  return prefixOf({ kind, namespace }) + name;
}

/** The key of an object that a path names. Refuses, with a 400, a name that could not stand in a path of its own. */
export function requestedKeyOf(target: ObjectTarget): string {
  const { name } = target;
  const messages = nameMessages("segment", name);
  if (messages.length === 0) return keyOf(target);
  throw statusErrors.badRequest(`Name parameter invalid: ${quote(name)}: ${messages.join(";")}`);
}

/** What the keys of a collection begin with; it ends with a slash, so that no namespace is the beginning of another. */
export function prefixOf({ kind, namespace }: CollectionTarget): string {
  return namespace === "" ? kindPrefixOf(kind) : `${kindPrefixOf(kind)}${namespace}/`;
}

/** What all keys of a kind begin with. */
export function kindPrefixOf(kind: Kind): string {
  return `/registry/${kind.storage.prefix}/`;
}

/** Group and plural, as errors name a resource. */
export function resourceOf(kind: Kind): { readonly group: string; readonly resource: string } {
  return { group: kind.group, resource: kind.plural };
}

import { apiVersionOf, type ApiObject, type Kind, type ServedKind, type StatusBody } from "@leasehold/api";
import type { Revision } from "../store/store.ts";

/** What an answer or an event carries, before anything is said of its form. */
export type Content =
  | { readonly kind: "object"; readonly of: ServedKind; readonly object: ApiObject }
  | ListContent
  | { readonly kind: "status"; readonly status: StatusBody };

export interface ListContent {
  readonly kind: "list";
  readonly of: Kind;
  readonly objects: readonly ApiObject[];
  readonly revision: Revision;
  readonly continueToken: string | undefined;
  readonly remaining: number | undefined;
}

/** The apiVersion and kind of an object or a list of a kind. */
export function typeMetaOf(kind: ServedKind, suffix: "" | "List" = "") {
  return { apiVersion: apiVersionOf(kind), kind: kind.kind + suffix };
}

/** The metadata of a list, without what is empty. */
export function listMetaOf({ revision, continueToken, remaining }: ListContent) {
  return { resourceVersion: String(revision), continue: continueToken, remainingItemCount: remaining };
}

/** The apiVersion and kind of an object, or a list of objects, cut down to their metadata. */
export function partialTypeMeta(version: string, suffix: "" | "List") {
  return { apiVersion: `meta.k8s.io/${version}`, kind: `PartialObjectMetadata${suffix}` };
}

export const statusTypeMeta = { apiVersion: "v1", kind: "Status" } as const;

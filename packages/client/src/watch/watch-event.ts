import type { ApiObject } from "@leasehold/api";

/** What a watch tells. */
export type WatchEvent<O extends ApiObject> =
  /** There was none before, or it has come into the selection. */
  | { readonly kind: "added"; readonly object: O }
  | { readonly kind: "modified"; readonly object: O }
  /** The object as it last was, at the version of its deletion; or it has left the selection. */
  | { readonly kind: "deleted"; readonly object: O }
  /** Nothing has happened up to this version. `endsInitialEvents` once, behind the state that a watch may begin with. */
  | { readonly kind: "bookmark"; readonly resourceVersion: string; readonly endsInitialEvents: boolean };

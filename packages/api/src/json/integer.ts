/** The integer that a decimal text names, if the type holds it. A bigint only where a number would not be exact. */
export function integerOf(text: string, type: string): number | bigint | undefined {
  if (text.length < 16) {
    const value = Number(text);
    if (type === "int32" && (value > 2_147_483_647 || value < -2_147_483_648)) return undefined;
    // Go reads "-0" as 0.
    return value === 0 ? 0 : value;
  }
  if (type === "int32") return undefined;
  const value = BigInt(text);
  if (value !== BigInt.asIntN(64, value)) return undefined;
  return compactInteger(value);
}

/** The canonical form of an int64. */
export function compactInteger(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

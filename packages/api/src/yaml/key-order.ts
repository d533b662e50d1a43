/** The order of keys: numbers inside them by their value, and what is no letter before letters. */
export function compareKeys(left: string, right: string): number {
  const [ours, theirs] = [Array.from(left), Array.from(right)];
  const at = ours.findIndex((character, index) => character !== theirs[index]);
  if (at === -1 || at >= theirs.length) return ours.length - theirs.length;
  const [our = "", their = ""] = [ours[at], theirs[at]];
  const isOurLetter = isLetter(our);
  if (isOurLetter !== isLetter(their)) return isOurLetter ? 1 : -1;
  const difference = isOurLetter ? 0 : compareNumbers({ ours, theirs, at });
  return difference === 0 ? (our.codePointAt(0) ?? 0) - (their.codePointAt(0) ?? 0) : difference;
}

interface Fork {
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
  /** Where the two begin to differ. */
  readonly at: number;
}

/** Compares the digits that begin where two keys fork, together with those before, which are the same. */
function compareNumbers({ ours, theirs, at }: Fork): number {
  const [our, their] = [digitsFrom(ours, at), digitsFrom(theirs, at)];
  // A zero counts for something only when a digit that is not zero stands somewhere before it.
  const isZero = ours[at] === "0" || theirs[at] === "0";
  const lead = isZero && /[1-9]\d*$/.test(ours.slice(0, at).join("")) ? "1" : "0";
  const [ourNumber, theirNumber] = [BigInt(lead + our), BigInt(lead + their)];
  if (ourNumber !== theirNumber) return ourNumber < theirNumber ? -1 : 1;
  return our.length - their.length;
}

function digitsFrom(key: readonly string[], start: number): string {
  let end = start;
  while (/^\d$/.test(key[end] ?? "")) end++;
  return key.slice(start, end).join("");
}

function isLetter(character: string): boolean {
  return /^\p{L}$/u.test(character);
}

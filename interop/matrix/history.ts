import { libraryOf } from "./libraries.ts";

/** One version of the lease, as a watch told it. */
export interface Version {
  readonly resourceVersion: string;
  /** Empty for nobody. */
  readonly holder: string;
  readonly seconds: number;
  readonly acquired: string;
  readonly renewed: string;
  readonly transitions: number;
}

/** What is wrong between two versions; forgiven names the holder that may do so. */
export interface Breach {
  readonly what: string;
  readonly forgiven: boolean;
}

/** A change of holder is found here wherever it is against the rules; candidates of one machine share the clock that it rests on. */
export function breaches(versions: readonly Version[]): readonly Breach[] {
  return versions.slice(1).flatMap((after, index) => {
    const before = versions[index];
    return before === undefined ? [] : between(before, after);
  });
}

/** Who held the lease, in order, each time that it changed hands. */
export function holders(versions: readonly Version[]): readonly string[] {
  return versions
    .map((version) => version.holder)
    .filter((holder, index, all) => holder !== "" && holder !== all[index - 1]);
}

/** Whether somebody took the lease from another one before it had run out. */
export function isSeized(before: Version, after: Version): boolean {
  const isTaken = before.holder !== "" && after.holder !== "" && before.holder !== after.holder;
  return isTaken && microseconds(after.acquired) < microseconds(before.renewed) + before.seconds * 1e6;
}

function between(before: Version, after: Version): readonly Breach[] {
  const found = after.holder === before.holder ? renewal(before, after) : handOver(before, after);
  const story = `from ${describe(before)} to ${describe(after)}`;
  return found.map(({ what, forgiven }) => ({ what: `${what} ${story}`, forgiven }));
}

function renewal(before: Version, after: Version): readonly Breach[] {
  const isShortened =
    after.seconds === 1 && after.holder !== "" && libraryOf(after.holder).leaves === "itself for a second";
  return [
    ...breach(after.acquired !== before.acquired && !isShortened, "acquireTime changed without the holder"),
    ...breach(after.transitions !== before.transitions, "leaseTransitions changed without the holder"),
  ];
}

function handOver(before: Version, after: Version): readonly Breach[] {
  const raises = after.holder !== "" && libraryOf(after.holder).countsTransitions ? 1 : 0;
  const isBlind = after.holder !== "" && libraryOf(after.holder).gaps.has("takes from who was quicker");
  return [
    ...breach(after.acquired === before.acquired, "the holder changed without acquireTime"),
    // Who writes over another one's write counts from the one that it had read.
    ...breach(
      after.transitions !== before.transitions + raises,
      `leaseTransitions did not rise by ${raises}`,
      isBlind && isSeized(before, after),
    ),
    ...breach(isSeized(before, after), "a lease was taken that had not run out", isBlind),
  ];
}

function breach(isSo: boolean, what: string, forgiven = false): readonly Breach[] {
  return isSo ? [{ what, forgiven }] : [];
}

function describe({ holder, transitions, acquired, renewed, seconds }: Version): string {
  return `${holder === "" ? "nobody" : holder} (${transitions} transitions, acquired ${acquired}, renewed ${renewed}, ${seconds} s)`;
}

/** Since the epoch; JavaScript's own dates know only milliseconds. */
function microseconds(time: string): number {
  const digits = /\.(\d+)/.exec(time)?.[1] ?? "0";
  return Math.floor(Date.parse(time) / 1000) * 1e6 + Number(digits.padEnd(6, "0").slice(0, 6));
}

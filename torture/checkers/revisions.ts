import type { Change, List, Operation, Value, Version, Write } from "../history/operation.ts";

export interface RevisionsRecord {
  readonly operations: readonly Operation[];
  /** Every change since the keys were empty, in order, as the reference watcher was told. */
  readonly changes: readonly Change[];
}

/**
 * What must hold across keys. One sentence for each breach:
 *
 * - the changes are a chain: revisions grow, each change of a key follows from the one before it, and each is the work of a write
 *   that was called, expected what stood there, and was not refused;
 * - each acknowledged write is among them, at the revision that its writer was told;
 * - what was read is among them, at the revision that the reader was told;
 * - revisions agree with real time: a write gets a revision above all that anybody knew when it was called, and a list of the newest state
 *   shows at least that;
 * - a list shows exactly what the changes up to its revision left.
 */
export function checkRevisions({ operations, changes }: RevisionsRecord): readonly string[] {
  const writes = operations.filter((operation) => operation.kind === "write");
  return [
    ...brokenLinks(changes, writes),
    ...lostWrites(changes, writes),
    ...strangeVersions(changes, operations),
    ...againstTime(operations),
    ...wrongLists(changes, operations),
  ];
}

function* brokenLinks(changes: readonly Change[], writes: readonly Write[]): Generator<string> {
  // Several may try to delete the same version; those that were refused are not the one that did.
  const tries = writes.toSorted((one, other) => Number(!isRefused(one)) - Number(!isRefused(other)));
  const byEffect = new Map(tries.map((write) => [effectOf(write), write]));
  const state = new Map<string, Value>();
  let last = 0;
  for (const change of changes) {
    const { key, revision, type, value } = change;
    if (revision <= last) yield `revision ${revision} follows revision ${last}`;
    last = revision;
    const before = state.get(key);
    const isDelete = type === "DELETED";
    if (isDelete && before !== value) yield `${told(change)} deletes ${told(before)}`;
    if (!isDelete && (type === "ADDED") !== (before === undefined))
      yield `${told(change)} follows ${told(before)}`;
    const write = byEffect.get(isDelete ? `${key} - ${value}` : `${key} + ${value}`);
    if (write === undefined) yield `${told(change)} was written by nobody`;
    else if (isRefused(write)) yield `${told(change)} was refused, and happened`;
    else if (write.expect !== before && !(write.orAbsent && before === undefined))
      yield `${told(change)} expected ${told(write.expect)} and replaced ${told(before)}`;
    if (isDelete) state.delete(key);
    else state.set(key, value);
  }
}

function isRefused({ outcome }: Write): boolean {
  return outcome.kind === "refused";
}

/** Deletions are known by what they delete, as each value can be deleted once. */
function effectOf({ key, value, expect = "" }: Write): string {
  return value === undefined ? `${key} - ${expect}` : `${key} + ${value}`;
}

function* lostWrites(changes: readonly Change[], writes: readonly Write[]): Generator<string> {
  const revisions = new Map(
    changes.map(({ type, key, value, revision }) => [
      type === "DELETED" ? `${key} - ${value}` : `${key} + ${value}`,
      revision,
    ]),
  );
  for (const write of writes) {
    if (write.outcome.kind !== "done") continue;
    const revision = revisions.get(effectOf(write));
    if (revision === undefined) yield `lost: ${toldWrite(write)} was acknowledged and nobody saw it`;
    else if (write.outcome.revision !== undefined && write.outcome.revision !== revision)
      yield `${toldWrite(write)} was told revision ${write.outcome.revision} and happened at ${revision}`;
  }
}

function* strangeVersions(changes: readonly Change[], operations: readonly Operation[]): Generator<string> {
  const known = new Map(
    changes
      .filter(({ type }) => type !== "DELETED")
      .map(({ key, value, revision }) => [`${key} ${value}`, revision]),
  );
  for (const operation of operations) {
    for (const [key, { value, revision }] of versionsIn(operation)) {
      const wanted = known.get(`${key} ${value}`);
      if (wanted !== revision)
        yield `${operation.client} read ${key} = ${value} at ${revision}; it was written at ${told(wanted)}`;
    }
  }
}

function versionsIn(operation: Operation): Iterable<readonly [string, Version]> {
  if (operation.kind === "list") return operation.items;
  return operation.kind === "read" && operation.found !== undefined ? [[operation.key, operation.found]] : [];
}

/** Goes through time with the greatest revision that anybody has been told. */
function* againstTime(operations: readonly Operation[]): Generator<string> {
  const calls = operations.toSorted((one, other) => one.calledAt - other.calledAt);
  const returns = operations.toSorted((one, other) => one.returnedAt - other.returnedAt);
  let known = 0;
  let next = 0;
  for (const operation of calls) {
    for (
      let over = returns[next];
      over !== undefined && over.returnedAt < operation.calledAt;
      over = returns[++next]
    )
      known = Math.max(known, toldRevision(over));
    if (operation.kind === "write" && operation.outcome.kind === "done") {
      const { revision } = operation.outcome;
      if (revision !== undefined && revision <= known)
        yield `${toldWrite(operation)} got revision ${revision} after somebody had been told ${known}`;
    }
    if (operation.kind === "list" && operation.revision < oldestFor(operation, known))
      yield `${operation.client} listed ${operation.freshness.kind} at ${operation.revision} when ${known} was known`;
  }
}

function toldRevision(operation: Operation): number {
  if (operation.kind === "list") return operation.freshness.kind === "exactly" ? 0 : operation.revision;
  if (operation.kind === "read") return operation.found?.revision ?? 0;
  return operation.outcome.kind === "done" ? (operation.outcome.revision ?? 0) : 0;
}

function oldestFor({ freshness }: List, known: number): number {
  return freshness.kind === "newest" ? known : freshness.revision;
}

/** Replays the changes once, and looks at the lists in the order of their revisions on the way. */
function* wrongLists(changes: readonly Change[], operations: readonly Operation[]): Generator<string> {
  const lists = operations
    .filter((operation) => operation.kind === "list")
    .toSorted((one, other) => one.revision - other.revision);
  const state = new Map<string, Version>();
  let next = 0;
  for (const list of lists) {
    if (list.freshness.kind === "exactly" && list.freshness.revision !== list.revision)
      yield `${list.client} listed ${list.revision} when asking for exactly ${list.freshness.revision}`;
    for (
      let change = changes[next];
      change !== undefined && change.revision <= list.revision;
      change = changes[++next]
    )
      replay(state, change);
    const [shown, was] = [toldState(list.items), toldState(state)];
    if (shown !== was) yield `${list.client} listed at ${list.revision}: ${shown}; it was: ${was}`;
  }
}

/** Does to a state what a change did. */
export function replay(state: Map<string, Version>, { type, key, value, revision }: Change): void {
  if (type === "DELETED") state.delete(key);
  else state.set(key, { value, revision });
}

/** A state in words that are equal when the states are. */
export function toldState(state: ReadonlyMap<string, Version>): string {
  const versions = [...state].map(([key, { value, revision }]) => `${key}=${value}@${revision}`);
  return versions.toSorted((one, other) => (one < other ? -1 : 1)).join(" ") || "(nothing)";
}

function toldWrite({ client, key, expect, value }: Write): string {
  return `${client}'s write of ${key} from ${told(expect)} to ${told(value)}`;
}

function told(what: Change | Value | number | undefined): string {
  if (what === undefined) return "nothing";
  if (typeof what !== "object") return String(what);
  return `${what.type} ${what.key} = ${what.value} at ${what.revision}`;
}

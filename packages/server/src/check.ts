import { existsSync } from "node:fs";
import { allKinds, type Kind } from "@leasehold/api";
import { messageOf } from "./error-message.ts";
import { takeFileLock } from "./file-lock.ts";
import { objectOf } from "./registry/stored-object.ts";
import { keyOf, kindPrefixOf } from "./registry/target.ts";
import { auditLog, type LogAudit } from "./store/sqlite/audit-log.ts";
import type { ProvenRow } from "./store/sqlite/proven-rows.ts";
import type { Revision } from "./store/store.ts";
import { refuse, refusedBy, type UpkeepRefused } from "./upkeep-refused.ts";

export type CheckResult = ({ readonly kind: "checked" } & StoreCheck) | UpkeepRefused;

export interface StoreCheck extends LogAudit {
  readonly file: string;
  readonly isInUse: boolean;
  /** How many objects stand, by the plural of their kind. */
  readonly objects: ReadonlyMap<string, number>;
}

/** Looks at all of a store, in a data directory or a backup, whether a server uses it or not, and changes nothing. */
export function checkStore(file: string): CheckResult {
  if (!existsSync(file)) return refuse("setting", `there is no store ${file}`);
  const standing = new Standing();
  try {
    const isInUse = isLocked(`${file}-lock`);
    const audit = auditLog(file, (row) => standing.take(row));
    return { kind: "checked", file, isInUse, objects: standing.count(), ...audit };
  } catch (error) {
    return refusedBy(error, file);
  }
}

/** Whose entry stands for each key, and whether what stands can be read. */
class Standing {
  readonly #kinds = new Map<string, Kind>();
  /** The kind of each key that stands, and the revision that created it. */
  readonly #standing = new Map<string, { readonly plural: string; readonly created: Revision }>();

  constructor() {
    for (const kind of allKinds) this.#kinds.set(kindPrefixOf(kind), kind);
  }

  /** What is wrong with the row, in a line. */
  take(row: ProvenRow): string | undefined {
    const { key, value, revision, created } = row;
    const before = this.#standing.get(key);
    if (value === null) {
      this.#standing.delete(key);
      return undefined;
    }
    const kind = this.#kindOf(key);
    this.#standing.set(key, { plural: kind?.plural ?? "of a kind that this version does not know", created });
    const where = `revision ${revision} (key ${JSON.stringify(key)})`;
    if (before !== undefined && before.created !== created)
      return `${where}: it was created at ${created}, and the version before it at ${before.created}`;
    const problem = kind === undefined ? undefined : objectProblemOf(kind, { key, value, revision, created });
    return problem === undefined ? undefined : `${where}: ${problem}`;
  }

  count(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { plural } of this.#standing.values()) counts.set(plural, (counts.get(plural) ?? 0) + 1);
    return counts;
  }

  #kindOf(key: string): Kind | undefined {
    for (const [prefix, kind] of this.#kinds) if (key.startsWith(prefix)) return kind;
    return undefined;
  }
}

function objectProblemOf(kind: Kind, entry: ProvenEntry): string | undefined {
  try {
    const { namespace = "", name = "" } = objectOf(kind, entry).metadata;
    const key = keyOf({ kind, namespace, name });
    return key === entry.key ? undefined : `it holds an object that belongs at ${key}`;
  } catch (error) {
    return messageOf(error);
  }
}

interface ProvenEntry {
  readonly key: string;
  readonly value: Uint8Array;
  readonly revision: Revision;
  readonly created: Revision;
}

/** Tries the lock for an instant. */
function isLocked(path: string): boolean {
  if (!existsSync(path)) return false;
  const taken = takeFileLock(path);
  if (taken.kind === "taken") taken.lock.release();
  return taken.kind === "in-use";
}

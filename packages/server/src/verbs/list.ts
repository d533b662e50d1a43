import { statusErrors, type ApiObject } from "@leasehold/api";
import { limits } from "../limits.ts";
import { decodeContinueToken, encodeContinueToken } from "../registry/continue-token.ts";
import { awaitRevision } from "../registry/freshness.ts";
import { parseResourceVersion } from "../registry/resource-version.ts";
import type { Selection } from "../registry/selection.ts";
import { objectOf } from "../registry/stored-object.ts";
import { keyOf, prefixOf, type CollectionTarget, type Registry } from "../registry/target.ts";
import type { Compacted, Entry, Freshness, Future, Revision } from "../store/store.ts";

export interface ListCommand {
  readonly target: CollectionTarget;
  readonly selection: Selection;
  /** 0: no limit. */
  readonly limit: number;
  /** As the client sent them; empty when absent. */
  readonly continueToken: string;
  readonly resourceVersion: string;
  readonly resourceVersionMatch: "" | "Exact" | "NotOlderThan";
}

export interface ListOutcome {
  readonly objects: readonly ApiObject[];
  /** The state that the whole list shows. */
  readonly revision: Revision;
  /** Present when there is more. */
  readonly continueToken: string | undefined;
  /** How many follow, where nothing is filtered. */
  readonly remaining: number | undefined;
}

/** Lists a collection: one consistent snapshot, page by page. */
export async function list(registry: Registry, command: ListCommand): Promise<ListOutcome> {
  const start = startOf(command);
  const fresh = start.freshness.notOlderThan;
  if (fresh !== undefined && fresh > 0) await awaitRevision(registry, fresh);
  const { selection } = command;
  const namespace = command.target.namespace || (selection.namespace ?? "");
  const target = command.target.kind.scope === "cluster" ? command.target : { ...command.target, namespace };
  const isOne = selection.name !== undefined && (target.kind.scope === "cluster" || namespace !== "");
  if (isOne && start.after === undefined) return listOne(registry, { command, target, start });
  return listRange(registry, { command, target, start });
}

/** Where a list starts, and which state it shows. */
interface Start {
  readonly after: string | undefined;
  readonly freshness: Freshness;
}

interface Plan {
  readonly command: ListCommand;
  readonly target: CollectionTarget;
  readonly start: Start;
}

/**
 * The matrix of resourceVersion, resourceVersionMatch and limit. A limit together with a resourceVersion means exactly that
 * version, from the days before resourceVersionMatch.
 */
function startOf(command: ListCommand): Start {
  const { resourceVersion } = command;
  if (command.continueToken !== "") return continuedStart(command);
  const version = parseResourceVersion(resourceVersion);
  if (version.kind === "malformed")
    throw statusErrors.badRequest(`invalid resource version: ${version.message}`);
  if (resourceVersion === "") return { after: undefined, freshness: {} };
  const exact =
    command.resourceVersionMatch === "Exact" ||
    (command.resourceVersionMatch === "" && command.limit > 0 && version.revision > 0);
  return {
    after: undefined,
    freshness: exact ? { at: version.revision } : { notOlderThan: version.revision },
  };
}

function continuedStart(command: ListCommand): Start {
  const decoded = decodeContinueToken(command.continueToken);
  if (decoded.kind === "malformed") throw statusErrors.badRequest(decoded.message);
  if (command.resourceVersion !== "" && command.resourceVersion !== "0") {
    throw statusErrors.badRequest("specifying resource version is not allowed when using continue");
  }
  const { after, revision } = decoded.token;
  return { after: prefixOf(command.target) + after, freshness: revision > 0 ? { at: revision } : {} };
}

async function listOne(registry: Registry, plan: Plan): Promise<ListOutcome> {
  const { command, target, start } = plan;
  const key = keyOf({ ...target, name: command.selection.name ?? "" });
  const result = await registry.store.read({ key, ...start.freshness });
  if (result.kind === "compacted" || result.kind === "future") throw refusal(result, plan);
  const entries = result.kind === "found" ? [result.entry] : [];
  const objects = selectFrom(entries, command);
  return { objects, revision: result.revision, continueToken: undefined, remaining: undefined };
}

async function listRange(registry: Registry, plan: Plan): Promise<ListOutcome> {
  const { command, target, start } = plan;
  const prefix = prefixOf(target);
  const { selection, limit } = command;
  const wanted = limit > 0 ? limit : undefined;
  const objects: ApiObject[] = [];
  let after = start.after;
  let freshness = start.freshness;
  for (;;) {
    const page = await registry.store.range({
      prefix,
      after,
      limit: pageSize(wanted, selection),
      ...freshness,
    });
    if (page.kind !== "page") throw refusal(page, plan);
    for (const [index, entry] of page.entries.entries()) {
      const object = objectOf(target.kind, entry);
      if (!selection.matches(object)) continue;
      objects.push(object);
      const left = page.entries.length - index - 1 + page.remaining;
      if (objects.length === wanted && left > 0) {
        return { objects, ...endOf(entry, { plan, revision: page.revision, left }) };
      }
    }
    const last = page.entries.at(-1);
    if (!page.more || last === undefined) {
      return { objects, revision: page.revision, continueToken: undefined, remaining: undefined };
    }
    after = last.key;
    freshness = { at: page.revision };
  }
}

/** Filtered lists scan in pages of their own, so that one request never holds the whole store at once. */
function pageSize(wanted: number | undefined, selection: Selection): number | undefined {
  if (selection.everything) return wanted;
  return wanted === undefined ? undefined : Math.max(wanted, limits.listScanEntriesMax);
}

function endOf(
  last: Entry,
  { plan, revision, left }: { plan: Plan; revision: Revision; left: number },
): Omit<ListOutcome, "objects"> {
  const after = last.key.slice(prefixOf(plan.command.target).length);
  return {
    revision,
    continueToken: encodeContinueToken({ after, revision }),
    remaining: plan.command.selection.everything ? left : undefined,
  };
}

function selectFrom(entries: readonly Entry[], command: ListCommand): readonly ApiObject[] {
  return entries
    .map((entry) => objectOf(command.target.kind, entry))
    .filter((object) => command.selection.matches(object));
}

/** A page that is forgotten can be continued without consistency; anything else must start again. */
function refusal(result: Compacted | Future, { command, start }: Plan): Error {
  if (result.kind === "future") {
    const wanted = start.freshness.at ?? 0;
    return statusErrors.tooLargeResourceVersion({ wanted, current: result.revision });
  }
  if (start.after === undefined) return statusErrors.listExpired();
  const after = start.after.slice(prefixOf(command.target).length);
  return statusErrors.continueExpired(encodeContinueToken({ after, revision: -1 }));
}

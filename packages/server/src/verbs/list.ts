import { nameMessages, statusErrors, type ApiObject } from "@leasehold/api";
import { limits } from "../limits.ts";
import {
  decodeContinueToken,
  encodeContinueToken,
  keyBefore,
  startAfter,
} from "../registry/continue-token.ts";
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
  const target = narrowedTarget(command);
  const key = onlyKey(target, command);
  const start = startOf(command, key !== undefined);
  const { at, notOlderThan = at } = start.freshness;
  if (!start.atOnce && notOlderThan !== undefined)
    await awaitRevision(registry, { prefix: prefixOf(target), revision: notOlderThan });
  const plan = { command, target, start };
  return key === undefined ? listRange(registry, plan) : listOne(registry, plan, key);
}

/**
 * A field selector for one namespace narrows a list of all of them; but not when it is continued, and so the next page begins
 * where the token says in the list of all. A selection may then be shown again: clients of kube-apiserver know it so.
 */
function narrowedTarget({ target, selection, continueToken }: ListCommand): CollectionTarget {
  const { namespace = "" } = selection;
  if (target.kind.scope === "cluster" || target.namespace !== "" || continueToken !== "") return target;
  return nameMessages("label", namespace).length === 0 ? { ...target, namespace } : target;
}

/** The one key that can be meant, when a name is selected and nothing is continued. */
function onlyKey(target: CollectionTarget, { selection, continueToken }: ListCommand): string | undefined {
  const { name } = selection;
  if (name === undefined || name === "" || continueToken !== "") return undefined;
  if (target.kind.scope === "namespaced" && target.namespace === "") return undefined;
  return nameMessages("segment", name).length === 0 ? keyOf({ ...target, name }) : undefined;
}

/** Where a list starts, and which state it shows. */
interface Start {
  /** Where to go on, below the prefix; undefined at the beginning. */
  readonly at: string | undefined;
  readonly freshness: Freshness;
  /** Whether a revision that is not there yet is refused at once. Otherwise it is waited for. */
  readonly atOnce: boolean;
}

interface Plan {
  readonly command: ListCommand;
  readonly target: CollectionTarget;
  readonly start: Start;
}

/**
 * The matrix of resourceVersion, resourceVersionMatch and limit. A limit together with a resourceVersion means exactly that
 * version, from the days before resourceVersionMatch; but not for a single object, which is read from the newest state.
 */
function startOf(command: ListCommand, isOne: boolean): Start {
  const { resourceVersion, resourceVersionMatch, limit } = command;
  if (command.continueToken !== "") return continuedStart(command);
  const version = parseResourceVersion(resourceVersion);
  if (version.kind === "malformed")
    throw statusErrors.badRequest(`invalid resource version: ${version.message}`);
  const at = undefined;
  if (resourceVersion === "") return { at, freshness: {}, atOnce: false };
  const { revision } = version;
  const isLegacy = resourceVersionMatch === "" && limit > 0 && resourceVersion !== "0";
  if (resourceVersionMatch === "Exact" || (isLegacy && !isOne)) {
    return { at, freshness: revision === 0 ? {} : { at: revision }, atOnce: isOne };
  }
  return { at, freshness: { notOlderThan: revision }, atOnce: isOne && isLegacy };
}

function continuedStart(command: ListCommand): Start {
  const decoded = decodeContinueToken(command.continueToken);
  if (decoded.kind === "malformed") throw statusErrors.badRequest(decoded.message);
  if (command.resourceVersion !== "" && command.resourceVersion !== "0") {
    throw statusErrors.badRequest("specifying resource version is not allowed when using continue");
  }
  const { start, revision } = decoded.token;
  return { at: start, freshness: revision > 0 ? { at: revision } : {}, atOnce: false };
}

async function listOne(registry: Registry, plan: Plan, key: string): Promise<ListOutcome> {
  const { command, start } = plan;
  const result = await registry.store.read({ key, ...start.freshness });
  if (result.kind === "compacted" || result.kind === "future") throw refusal(result, plan);
  const entries = result.kind === "found" ? [result.entry] : [];
  const objects = selectFrom(entries, command);
  return { objects, revision: result.revision, continueToken: undefined, remaining: undefined };
}

async function listRange(registry: Registry, plan: Plan): Promise<ListOutcome> {
  const { command, target, start } = plan;
  const prefix = prefixOf(target);
  const { selection } = command;
  const wanted = limitOf(command);
  const objects: ApiObject[] = [];
  let after = start.at === undefined ? undefined : prefix + keyBefore(start.at);
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

/** Whoever takes any state (`resourceVersion=0`) gets all of it: kube-apiserver's cache does not page. */
function limitOf({ limit, resourceVersion }: ListCommand): number | undefined {
  return limit > 0 && resourceVersion !== "0" ? limit : undefined;
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
  const start = startAfter(last.key.slice(prefixOf(plan.target).length));
  return {
    revision,
    continueToken: encodeContinueToken({ start, revision }),
    remaining: plan.command.selection.everything ? left : undefined,
  };
}

function selectFrom(entries: readonly Entry[], command: ListCommand): readonly ApiObject[] {
  return entries
    .map((entry) => objectOf(command.target.kind, entry))
    .filter((object) => command.selection.matches(object));
}

/** A page that is forgotten can be continued without consistency; anything else must start again. */
function refusal(result: Compacted | Future, { start }: Plan): Error {
  if (result.kind === "future") {
    const wanted = start.freshness.at ?? start.freshness.notOlderThan ?? 0;
    const retryAfterSeconds = start.atOnce ? 0 : 1;
    return statusErrors.tooLargeResourceVersion({ wanted, current: result.revision }, retryAfterSeconds);
  }
  if (start.at === undefined) return statusErrors.listExpired();
  return statusErrors.continueExpired(encodeContinueToken({ start: start.at, revision: -1 }));
}

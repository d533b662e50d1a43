import { StatusError, type ApiObject } from "@leasehold/api";
import { limits } from "../limits.ts";
import type { Registry } from "../registry/target.ts";
import { deleteObject, type DeleteCommand } from "./delete.ts";
import { list, type ListCommand, type ListOutcome } from "./list.ts";

export interface DeleteCollectionCommand extends Pick<DeleteCommand, "deletion" | "dryRun"> {
  readonly list: ListCommand;
}

/**
 * Deletes what a list shows, object by object: not atomic. The answer is the list as it was. The first object that is refused
 * ends it, and leaves those behind it; so where a precondition may refuse one, each waits for the one before.
 */
export async function deleteCollection(
  registry: Registry,
  command: DeleteCollectionCommand,
): Promise<ListOutcome> {
  const { limit } = command.list;
  // A page has a limit, and so a resourceVersion means exactly that one.
  const paged = { ...command.list, limit: limit === 0 ? limits.deleteCollectionPageObjects : limit };
  const first = await list(registry, paged);
  await deleteAll(registry, command, first.objects);
  if (limit > 0) return first;
  const objects = [...first.objects];
  for (let { continueToken } = first; continueToken !== undefined;) {
    const next = { ...paged, continueToken, resourceVersion: "", resourceVersionMatch: "" } as const;
    const page = await list(registry, next);
    await deleteAll(registry, command, page.objects);
    objects.push(...page.objects);
    continueToken = page.continueToken;
  }
  return { ...first, objects };
}

async function deleteAll(
  registry: Registry,
  command: DeleteCollectionCommand,
  objects: readonly ApiObject[],
): Promise<void> {
  const { uid, resourceVersion } = command.deletion.preconditions;
  const isSafe = uid === undefined && resourceVersion === undefined;
  const atOnce = isSafe ? limits.deleteCollectionParallelMax : 1;
  for (let from = 0; from < objects.length; from += atOnce) {
    const some = objects.slice(from, from + atOnce);
    await Promise.all(some.map((object) => deleteListed(registry, command, object)));
  }
}

/** What is gone already was somebody else's success. */
async function deleteListed(
  registry: Registry,
  { list: { target }, deletion, dryRun }: DeleteCollectionCommand,
  { metadata: { namespace = "", name = "" } }: ApiObject,
): Promise<void> {
  try {
    await deleteObject(registry, { target: { ...target, namespace, name }, deletion, dryRun });
  } catch (error) {
    if (error instanceof StatusError && error.status.code === 404) return;
    throw error;
  }
}

import { StatusError, type ApiObject } from "@leasehold/api";
import { limits } from "../limits.ts";
import type { Registry } from "../registry/target.ts";
import { deleteObject, type DeleteCommand } from "./delete.ts";
import { list, type ListCommand, type ListOutcome } from "./list.ts";

export interface DeleteCollectionCommand extends Pick<DeleteCommand, "deletion" | "dryRun"> {
  readonly list: ListCommand;
}

/** Deletes what a list shows, object by object: not atomic. The answer is the list as it was. */
export async function deleteCollection(
  registry: Registry,
  command: DeleteCollectionCommand,
): Promise<ListOutcome> {
  const listed = await list(registry, command.list);
  const { objects } = listed;
  for (let from = 0; from < objects.length; from += limits.deleteCollectionParallelMax) {
    const some = objects.slice(from, from + limits.deleteCollectionParallelMax);
    await Promise.all(some.map((object) => deleteListed(registry, command, object)));
  }
  return listed;
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

import { type ApiObject, type Kind, parseJsonValue } from "@leasehold/api";
import type { Connection, RequestBounds } from "../connection/connection.ts";
import { ApiError, UnreadableAnswerError } from "../connection/errors.ts";

/**
 * The first of the kinds that the server offers, such as the newest of several versions. An ApiError of reason `NotFound` if it offers
 * none.
 */
export async function offeredKind<O extends ApiObject>(
  connection: Connection,
  kinds: readonly [Kind<O>, ...Kind<O>[]],
  bounds: RequestBounds = {},
): Promise<Kind<O>> {
  for (const kind of kinds) if (await isOffered(connection, kind, bounds)) return kind;
  const [{ plural, group }] = kinds;
  const resource = `${plural}.${group}`;
  throw new ApiError({
    code: 404,
    reason: "NotFound",
    message: `the server at ${connection.url} does not offer ${resource}`,
    details: undefined,
    retryAfterSeconds: undefined,
    request: { verb: "get", resource },
  });
}

async function isOffered<O extends ApiObject>(
  connection: Connection,
  { group, version, plural }: Kind<O>,
  bounds: RequestBounds,
): Promise<boolean> {
  const path = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  try {
    const subject = { verb: "get", resource: path };
    const parsed = parseJsonValue(await connection.ask({ method: "GET", path, subject }, bounds));
    if (parsed.kind === "malformed")
      throw new UnreadableAnswerError(`${path} is not JSON: ${parsed.message}`);
    return namesOf(parsed.value).includes(plural);
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return false;
    throw error;
  }
}

/** The names in an APIResourceList. */
function namesOf(list: unknown): readonly unknown[] {
  const resources = memberOf(list, "resources");
  return Array.isArray(resources) ? resources.map((resource) => memberOf(resource, "name")) : [];
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

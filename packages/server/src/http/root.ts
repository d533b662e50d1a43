import { mediaTypeNames } from "../codec/negotiate.ts";
import { indentedJson } from "./respond.ts";
import type { DocumentRoute } from "./route.ts";

/** `/`: the paths that there are, for people who look around. */
export function rootRoutes(documents: readonly DocumentRoute[]): readonly DocumentRoute[] {
  const listed = documents.filter(({ unlisted }) => unlisted !== true).map(({ path }) => path);
  const paths = [...new Set([...listed, "/openapi/v3/"])].toSorted();
  const answer = {
    status: 200,
    headers: { "Content-Type": mediaTypeNames.json },
    body: indentedJson({ paths }),
  };
  return ["/", "/index.html"].map((path) => ({ path, answer: () => answer }));
}

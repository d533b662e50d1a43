import type { ConformanceCase } from "./case.ts";
import { applyCases } from "./areas/apply.ts";
import { authCases } from "./areas/auth.ts";
import { candidateCases } from "./areas/candidates.ts";
import { controllerCases } from "./areas/controllers.ts";
import { createCases } from "./areas/create.ts";
import { decodeCases } from "./areas/decode.ts";
import { deleteCases } from "./areas/delete.ts";
import { deleteCollectionCases } from "./areas/delete-collection.ts";
import { discoveryCases } from "./areas/discovery.ts";
import { formatCases } from "./areas/formats.ts";
import { getCases } from "./areas/get.ts";
import { httpCases } from "./areas/http.ts";
import { listCases } from "./areas/list.ts";
import { metadataCases } from "./areas/metadata.ts";
import { namespaceCases } from "./areas/namespaces.ts";
import { openapiCases } from "./areas/openapi.ts";
import { patchJsonCases } from "./areas/patch-json.ts";
import { patchMergeCases } from "./areas/patch-merge.ts";
import { patchStrategicCases } from "./areas/patch-strategic.ts";
import { protobufCases } from "./areas/protobuf.ts";
import { selectorCases } from "./areas/selectors.ts";
import { updateCases } from "./areas/update.ts";
import { valueCases } from "./areas/values.ts";
import { watchCases } from "./areas/watch.ts";

/** Everything that a client can see, by area; the order is that of reading. */
export const areas: ReadonlyMap<string, readonly ConformanceCase[]> = new Map([
  ["create", createCases],
  ["metadata", metadataCases],
  ["values", valueCases],
  ["get", getCases],
  ["list", listCases],
  ["selectors", selectorCases],
  ["watch", watchCases],
  ["update", updateCases],
  ["patch-json", patchJsonCases],
  ["patch-merge", patchMergeCases],
  ["patch-strategic", patchStrategicCases],
  ["apply", applyCases],
  ["delete", deleteCases],
  ["delete-collection", deleteCollectionCases],
  ["decode", decodeCases],
  ["formats", formatCases],
  ["protobuf", protobufCases],
  ["namespaces", namespaceCases],
  ["candidates", candidateCases],
  ["discovery", discoveryCases],
  ["openapi", openapiCases],
  ["auth", authCases],
  ["http", httpCases],
  ["controllers", controllerCases],
]);

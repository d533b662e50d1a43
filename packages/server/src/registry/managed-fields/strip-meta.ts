import { difference, fieldSetOf, type FieldSet } from "./field-set.ts";
import { fieldElement } from "./path-element.ts";

/** Fields of metadata that nobody owns: they name the object, or the server keeps them. */
export const unownedMetadata: readonly string[] = [
  "name",
  "namespace",
  "creationTimestamp",
  "selfLink",
  "uid",
  "clusterName",
  "generation",
  "managedFields",
  "resourceVersion",
];

/** A set without the fields that nobody owns. */
export function stripMeta(set: FieldSet): FieldSet {
  return difference(set, stripped);
}

const metadata = fieldElement("metadata");

const stripped = fieldSetOf(
  [fieldElement("apiVersion")],
  [fieldElement("kind")],
  [metadata],
  ...unownedMetadata.map((name) => [metadata, fieldElement(name)]),
);

import assert from "node:assert/strict";
import { test } from "node:test";
import type { FieldError } from "../field-error.ts";
import {
  validateDeleteOptions,
  validateListOptions,
  validatePatchOptions,
  validateTableOptions,
  validateWriteOptions,
} from "./options.ts";

const cases: readonly (readonly [options: string, errors: readonly FieldError[], ...sentences: string[]])[] =
  [
    ["no options", validateWriteOptions({})],
    [
      "an unknown dry run",
      validateWriteOptions({ dryRun: ["All", "Bogus"] }),
      'dryRun: Unsupported value: ["All","Bogus"]: supported values: "All"',
    ],
    [
      "an unknown field validation",
      validateWriteOptions({ fieldValidation: "strict" }),
      'fieldValidation: Unsupported value: "strict": supported values: "", "Ignore", "Strict", "Warn"',
    ],
    [
      "a manager that cannot be shown",
      validateWriteOptions({ fieldManager: "bad\x07name" }),
      'fieldManager: Invalid value: "bad\\aname": invalid character U+0007 (at position 3)',
    ],
    [
      "a manager that is too long",
      validateWriteOptions({ fieldManager: "é".repeat(65) }),
      "fieldManager: Too long: may not be more than 128 bytes",
    ],
    [
      "an apply without a manager",
      validatePatchOptions({ force: true }, { isApply: true }),
      "fieldManager: Required value: is required for apply patch",
    ],
    [
      "another patch with force",
      validatePatchOptions({ force: false }, { isApply: false }),
      "force: Forbidden: may not be specified for non-apply patch",
    ],
    [
      "an unknown propagation",
      validateDeleteOptions({ propagationPolicy: "Bogus" }),
      'propagationPolicy: Unsupported value: "Bogus": supported values: "Foreground", "Background", "Orphan", "nil"',
    ],
    [
      "two propagations",
      validateDeleteOptions({ propagationPolicy: "Background", orphanDependents: false }),
      'propagationPolicy: Invalid value: "Background": orphanDependents and deletionPropagation cannot be both set',
    ],
    ["a list from a version", validateListOptions({ resourceVersion: "5", resourceVersionMatch: "Exact" })],
    [
      "a list that matches no version",
      validateListOptions({ resourceVersionMatch: "Exact" }),
      "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided",
    ],
    [
      "a list of exactly the version 0",
      validateListOptions({ resourceVersion: "0", resourceVersionMatch: "Exact" }),
      'resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    ],
    [
      "a continued list with an unknown match",
      validateListOptions({ resourceVersion: "1", resourceVersionMatch: "Bogus", continue: "x" }),
      "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided",
      'resourceVersionMatch: Unsupported value: "Bogus": supported values: "Exact", "NotOlderThan", ""',
    ],
    [
      "a list with initial events",
      validateListOptions({ sendInitialEvents: false }),
      "sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list",
    ],
    [
      "a watch with initial events",
      validateListOptions({ watch: true, sendInitialEvents: true, resourceVersionMatch: "NotOlderThan" }),
    ],
    [
      "a watch with initial events and no match",
      validateListOptions({ watch: true, sendInitialEvents: true }),
      "resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
    ],
    [
      "a continued watch with another match",
      validateListOptions({ watch: true, resourceVersionMatch: "Exact", continue: "x" }),
      "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
      'resourceVersionMatch: Unsupported value: "Exact": supported values: "NotOlderThan"',
      "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided",
    ],
    ["a Table with objects", validateTableOptions({ includeObject: "Object" })],
    [
      "a Table with something else",
      validateTableOptions({ includeObject: "none" }),
      "includeObject: Invalid value: \"none\": must be 'Metadata', 'Object', 'None', or empty",
    ],
  ];

for (const [options, errors, ...sentences] of cases) {
  test(`${options} ${sentences.length === 0 ? "may be asked for" : "is refused"}`, () => {
    assert.deepEqual(
      errors.map(({ field, message }) => `${field}: ${message}`),
      sentences,
    );
  });
}

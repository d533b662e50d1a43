import assert from "node:assert/strict";
import { test } from "node:test";
import {
  labelValueMessages,
  nameMessages,
  namePrefixMessages,
  qualifiedNameMessages,
  type NameRule,
} from "./names.ts";

const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const configKey =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const keyForm =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const labelValue =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

const names: readonly (readonly [rule: NameRule, name: string, ...messages: string[]])[] = [
  ["label", "a-1"],
  ["label", "a".repeat(63)],
  ["label", "a".repeat(64), "must be no more than 63 characters"],
  ["label", "a.b", "must not contain dots"],
  ["label", "A", label],
  ["label", "", label],
  ["subdomain", "a-1.b"],
  ["subdomain", "a".repeat(253)],
  ["subdomain", "a".repeat(254), "must be no more than 253 characters"],
  ["subdomain", "a..b", subdomain],
  ["subdomain", "a.-b", subdomain],
  ["subdomain", "a\n", subdomain],
  ["subdomain", "é".repeat(127), "must be no more than 253 characters", subdomain],
  ["segment", "system:node A"],
  ["segment", ".", "may not be '.'"],
  ["segment", "a/b%c", "may not contain '/'", "may not contain '%'"],
  ["config-key", "A_b.-"],
  ["config-key", "a b", configKey],
  ["config-key", ".", "must not be '.'"],
  ["config-key", "..", "must not be '..'"],
  ["config-key", "..x", "must not start with '..'"],
];

for (const [rule, name, ...messages] of names) {
  const verdict = messages.length === 0 ? "may be" : "may not be";
  test(`a ${rule} ${verdict} ${JSON.stringify(name.slice(0, 20))} (${name.length})`, () => {
    assert.deepEqual(nameMessages(rule, name), messages);
  });
}

test("the beginning of a generated name may end in a dash, but not in a dot", () => {
  assert.deepEqual(namePrefixMessages("subdomain", "web-"), []);
  assert.deepEqual(namePrefixMessages("label", "-"), [label]);
  assert.deepEqual(namePrefixMessages("subdomain", "web."), [subdomain]);
  assert.deepEqual(namePrefixMessages("segment", ".."), []);
});

const keys: readonly (readonly [key: string, ...messages: string[]])[] = [
  ["app"],
  ["example.com/My_app.v1"],
  ["", "name part must be non-empty", `name part ${keyForm}`],
  ["/a", "prefix part must be non-empty"],
  ["a/", "name part must be non-empty", `name part ${keyForm}`],
  ["A/a", `prefix part ${subdomain}`],
  [
    `${"a".repeat(254)}/${"b".repeat(64)}`,
    "prefix part must be no more than 253 bytes",
    "name part must be no more than 63 bytes",
  ],
  [
    "a/b/c",
    `a valid label key ${keyForm} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
  ],
];

for (const [key, ...messages] of keys) {
  test(`the key ${JSON.stringify(key.slice(0, 30))} is ${messages.length === 0 ? "good" : "refused"}`, () => {
    assert.deepEqual(qualifiedNameMessages(key), messages);
  });
}

test("a label's value may be empty, and holds at most 63 bytes", () => {
  assert.deepEqual(labelValueMessages(""), []);
  assert.deepEqual(labelValueMessages("-"), [labelValue]);
  assert.deepEqual(labelValueMessages("v".repeat(64)), ["must be no more than 63 bytes"]);
});

test("a long bad name is refused as fast as a short one", () => {
  // One that backtracks would not come back from these.
  const long = `${"a-".repeat(50_000)}!`;
  assert.equal(nameMessages("subdomain", long).length, 2);
  assert.equal(qualifiedNameMessages(`${"a.".repeat(50_000)}!`).length, 2);
});

import assert from "node:assert/strict";
import { hostname } from "node:os";
import { test } from "node:test";
import { serverNames } from "./server-names.ts";
import { serverUrl } from "./server-url.ts";

const always = [...new Set(["localhost", "127.0.0.1", "::1", hostname().toLowerCase()])];

interface Case {
  readonly host: string;
  readonly tlsSan?: readonly string[];
  /** Besides those that are always there. */
  readonly names: readonly string[];
  readonly url: string;
}

const cases: readonly Case[] = [
  { host: "127.0.0.1", names: [], url: "https://127.0.0.1:1" },
  { host: "::1", names: [], url: "https://[::1]:1" },
  { host: "0.0.0.0", names: [], url: "https://127.0.0.1:1" },
  { host: "::", names: [], url: "https://127.0.0.1:1" },
  { host: "10.1.2.3", names: ["10.1.2.3"], url: "https://10.1.2.3:1" },
  { host: "fe80:0::0001", names: ["fe80::1"], url: "https://[fe80:0::0001]:1" },
  {
    host: "127.0.0.1",
    tlsSan: ["A.Example", "a.example", "0:0::1"],
    names: ["a.example"],
    url: "https://127.0.0.1:1",
  },
];

for (const { host, tlsSan = [], names, url } of cases) {
  test(`a server on ${host} with [${tlsSan.join(", ")}] is reached at ${url}`, () => {
    const found = serverNames({ listen: { host, port: 1 }, tlsSan }).map((name) => name.text);
    assert.deepEqual(found, [...always, ...names]);
    assert.equal(serverUrl({ host, port: 1 }), url);
  });
}

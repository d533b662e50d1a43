import assert from "node:assert/strict";
import { test } from "node:test";
import { StatusError } from "@leasehold/api";
import { parseQuery } from "../codec/query.ts";
import { requestInfo } from "./request-info.ts";
import { refuseMalformedTimeout } from "./request-timeout.ts";

const bad = 'invalid timeout specified in the request URL - time: invalid duration "bad"';
const leases = "/apis/coordination.k8s.io/v1/leases";

const requests: readonly (readonly [path: string, query: string, refusal: string | undefined])[] = [
  [leases, "timeout=bad", bad],
  [leases, "timeout=5s&timeout=bad", undefined],
  [leases, "timeout=", undefined],
  [leases, "watch=1&timeout=bad", undefined],
  ["/api/v1/watch/namespaces", "timeout=bad", undefined],
  ["/healthz", "timeout=bad", bad],
  ["/debug/pprof/heap", "timeout=bad", undefined],
];

test("a timeout that is no duration is refused on requests that are not to last", () => {
  for (const [path, raw, refusal] of requests) {
    assert.equal(refusalOf(path, raw), refusal, `${path}?${raw}`);
  }
});

function refusalOf(path: string, raw: string): string | undefined {
  const query = parseQuery(raw);
  const info = requestInfo({ method: "GET", path, segments: path.slice(1).split("/"), query });
  assert.ok(info.kind !== "unreadable");
  try {
    refuseMalformedTimeout(info, query);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof StatusError);
    return error.message;
  }
}

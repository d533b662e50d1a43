import assert from "node:assert/strict";
import { test } from "node:test";
import { type Meter, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { countingClock } from "../testing/counting-clock-fixture.ts";
import { type MeterLike, openTelemetry } from "./open-telemetry.ts";

/** What OpenTelemetry's own types say of a meter fits; this is checked by the compiler. */
const asMeter = (meter: Meter): MeterLike => meter;

test("a request is a client span of OpenTelemetry's own SDK, and its trace goes on to the server", () => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const telemetry = openTelemetry({ tracer: provider.getTracer("test"), clock: countingClock() });
  const request = { verb: "update", resource: "leases.coordination.k8s.io", namespace: "n", name: "x" };
  const begun = telemetry.requestBegins(request);
  begun.ended({ kind: "answered", status: 200 });
  telemetry.requestBegins(request).ended({ kind: "answered", status: 409 });
  telemetry.requestBegins(request).ended({ kind: "failed", error: new TypeError("no way") });
  const spans = exporter.getFinishedSpans();
  const [first] = spans;
  assert.ok(first !== undefined);
  assert.equal(first.kind, SpanKind.CLIENT);
  assert.equal(first.name, "update leases.coordination.k8s.io");
  const { traceId, spanId } = first.spanContext();
  assert.deepEqual(begun.headers, { traceparent: `00-${traceId}-${spanId}-01` });
  assert.deepEqual(
    spans.map(({ attributes, status }) => [
      attributes["http.response.status_code"] ?? attributes["error.type"],
      status,
    ]),
    [
      [200, { code: SpanStatusCode.UNSET }],
      [409, { code: SpanStatusCode.ERROR }],
      ["TypeError", { code: SpanStatusCode.ERROR, message: "no way" }],
    ],
  );
});

test("requests are counted and timed by verb, resource and outcome", () => {
  const told: unknown[] = [];
  const instrument = (name: string): { add(...told: unknown[]): void; record(...told: unknown[]): void } => ({
    add: (value, attributes) => told.push([name, value, attributes]),
    record: (value, attributes) => told.push([name, value, attributes]),
  });
  const meter: MeterLike = { createCounter: instrument, createHistogram: instrument };
  const clock = { ...countingClock(), monotonicMs: () => nowMs };
  let nowMs = 1000;
  const begun = openTelemetry({ meter, clock }).requestBegins({ verb: "get", resource: "leases", name: "x" });
  nowMs += 250;
  begun.ended({ kind: "answered", status: 200 });
  const attributes = {
    "k8s.request.verb": "get",
    "k8s.request.resource": "leases",
    "http.response.status_code": 200,
  };
  assert.deepEqual(told, [
    ["leasehold.client.requests", 1, attributes],
    ["leasehold.client.request.duration", 0.25, attributes],
  ]);
  assert.equal(typeof asMeter, "function");
});

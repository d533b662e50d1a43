import { type Clock, systemClock } from "../clock.ts";
import type { RequestSubject } from "./errors.ts";
import type { RequestOutcome, Telemetry } from "./telemetry.ts";

/** The parts of OpenTelemetry's API that are used: `trace.getTracer("…")` and `metrics.getMeter("…")` are these, and need not be there. */
export interface OpenTelemetryParts {
  readonly tracer?: TracerLike | undefined;
  readonly meter?: MeterLike | undefined;
  readonly clock?: Clock | undefined;
}

export interface TracerLike {
  startSpan(name: string, options: { readonly kind: number; readonly attributes: Attributes }): SpanLike;
}

export interface SpanLike {
  setAttribute(name: string, value: string | number): unknown;
  setStatus(status: { readonly code: number; readonly message?: string }): unknown;
  spanContext(): { readonly traceId: string; readonly spanId: string; readonly traceFlags: number };
  end(): void;
}

export interface MeterLike {
  createCounter(name: string, options: Instrument): { add(value: number, attributes: Attributes): void };
  createHistogram(name: string, options: Instrument): { record(value: number, attributes: Attributes): void };
}

interface Instrument {
  readonly description: string;
  readonly unit: string;
}

type Attributes = Record<string, string | number>;

/**
 * Requests as OpenTelemetry has them: a client span each (`update leases.coordination.k8s.io`), handed on to the server as `traceparent`;
 * the counter `leasehold.client.requests` and the histogram `leasehold.client.request.duration` in seconds, by verb, resource and outcome.
 */
export function openTelemetry({ tracer, meter, clock = systemClock }: OpenTelemetryParts): Telemetry {
  const requests = meter?.createCounter("leasehold.client.requests", {
    description: "Requests to the API server that were answered or failed.",
    unit: "{request}",
  });
  const duration = meter?.createHistogram("leasehold.client.request.duration", {
    description: "Time to the head of the answer.",
    unit: "s",
  });
  return {
    requestBegins(request) {
      const begunMs = clock.monotonicMs();
      const attributes = attributesOf(request);
      const name = `${request.verb} ${request.resource}`;
      const span = tracer?.startSpan(name, {
        kind: clientKind,
        attributes: { ...attributes, ...placeOf(request) },
      });
      return {
        ...(span === undefined ? {} : { headers: { traceparent: traceParent(span) } }),
        ended(outcome) {
          const told = { ...attributes, ...outcomeOf(outcome) };
          requests?.add(1, told);
          duration?.record((clock.monotonicMs() - begunMs) / 1000, told);
          if (span !== undefined) endSpan(span, outcome);
        },
      };
    },
  };
}

/** OpenTelemetry's SpanKind.CLIENT and SpanStatusCode.ERROR. */
const clientKind = 2;
const errorStatus = 2;

function attributesOf({ verb, resource }: RequestSubject): Attributes {
  return { "k8s.request.verb": verb, "k8s.request.resource": resource };
}

/** Names are for spans alone: as a metric's attributes they would make a series each. */
function placeOf({ namespace, name }: RequestSubject): Attributes {
  return {
    ...(namespace === undefined ? {} : { "k8s.namespace.name": namespace }),
    ...(name === undefined ? {} : { "k8s.request.name": name }),
  };
}

function outcomeOf(outcome: RequestOutcome): Attributes {
  if (outcome.kind === "answered") return { "http.response.status_code": outcome.status };
  return { "error.type": outcome.error instanceof Error ? outcome.error.name : "unknown" };
}

function endSpan(span: SpanLike, outcome: RequestOutcome): void {
  for (const [name, value] of Object.entries(outcomeOf(outcome))) span.setAttribute(name, value);
  const message = outcome.kind === "failed" && outcome.error instanceof Error ? outcome.error.message : "";
  if (outcome.kind === "failed") span.setStatus({ code: errorStatus, message });
  else if (outcome.status >= 400) span.setStatus({ code: errorStatus });
  span.end();
}

/** W3C Trace Context. */
function traceParent(span: SpanLike): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
}

import type { ServedKind, Verb } from "@leasehold/api";
import { limits } from "../limits.ts";
import type { HttpAnswer } from "./exchange.ts";
import type { DocumentRoute } from "./route.ts";

/** One answered request for a resource. */
export interface MeasuredRequest {
  readonly of: ServedKind;
  readonly action: Verb;
  readonly subresource: string;
  readonly status: number;
  /** From the request's headers to the end of the handler; for a watch, to its first byte. */
  readonly durationMs: number;
}

/** A value of the process that is read when somebody asks for it. */
export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly read: () => number;
}

/**
 * Counts requests, under the names that kube-apiserver's dashboards know. Recording one is a lookup and a few additions; text
 * is made when it is scraped. The number of series is bounded by kinds × verbs × status codes.
 */
export class RequestMetrics {
  readonly #series = new Map<string, Series>();

  record({ of, action, subresource, status, durationMs }: MeasuredRequest): void {
    const key = `${of.group}/${of.version}/${of.plural}/${subresource}/${action}`;
    let series = this.#series.get(key);
    if (series === undefined) {
      if (this.#series.size >= limits.metricSeriesMax) return;
      series = newSeries(labelsOf(of, { action, subresource }));
      this.#series.set(key, series);
    }
    series.codes.set(status, (series.codes.get(status) ?? 0) + 1);
    const seconds = durationMs / 1000;
    series.sum += seconds;
    let bucket = 0;
    while (bucket < buckets.length && seconds > (buckets[bucket] ?? 0)) bucket++;
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
  }

  /** Prometheus' text format. */
  expose(): string {
    const series = [...this.#series.values()];
    return (
      head("apiserver_request_total", "Requests by verb, resource and HTTP status code.", "counter") +
      series.map(exposeCodes).join("") +
      head(
        "apiserver_request_duration_seconds",
        "How long requests took, by verb and resource.",
        "histogram",
      ) +
      series.map(exposeDurations).join("")
    );
  }
}

/** `/metrics`: requests, the given gauges, and what prom-client knows of the process. */
export function metricsRoute(metrics: RequestMetrics, gauges: readonly Gauge[] = []): DocumentRoute {
  return {
    path: "/metrics",
    async answer(): Promise<HttpAnswer> {
      const own = gauges
        .map(({ name, help, read }) => `${head(name, help, "gauge")}${name} ${read()}\n`)
        .join("");
      const body = metrics.expose() + own + (await exposeProcess());
      return { status: 200, headers: { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" }, body };
    },
  };
}

interface Series {
  readonly labels: string;
  readonly codes: Map<number, number>;
  /** Durations by bucket, not yet added up; the last is for those beyond all. */
  readonly counts: number[];
  sum: number;
}

/** Seconds; kube-apiserver's own. */
const buckets: readonly number[] = [
  0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
];

function newSeries(labels: string): Series {
  return { labels, codes: new Map(), counts: buckets.map(() => 0).concat(0), sum: 0 };
}

const httpVerbs: Readonly<Record<Verb, string>> = {
  create: "POST",
  delete: "DELETE",
  deletecollection: "DELETECOLLECTION",
  get: "GET",
  list: "LIST",
  patch: "PATCH",
  update: "PUT",
  watch: "WATCH",
};

function labelsOf(
  { group, version, plural, scope }: ServedKind,
  { action, subresource }: Pick<MeasuredRequest, "action" | "subresource">,
): string {
  const verb = httpVerbs[action];
  return `component="apiserver",group="${group}",resource="${plural}",scope="${scope}",subresource="${subresource}",verb="${verb}",version="${version}"`;
}

function exposeCodes({ labels, codes }: Series): string {
  return [...codes]
    .map(([code, count]) => `apiserver_request_total{code="${code}",${labels}} ${count}\n`)
    .join("");
}

function exposeDurations({ labels, counts, sum }: Series): string {
  const name = "apiserver_request_duration_seconds";
  let total = 0;
  const lines = counts.map((count, index) => {
    total += count;
    return `${name}_bucket{${labels},le="${buckets[index] ?? "+Inf"}"} ${total}\n`;
  });
  return `${lines.join("")}${name}_sum{${labels}} ${sum}\n${name}_count{${labels}} ${total}\n`;
}

function head(name: string, help: string, type: "counter" | "gauge" | "histogram"): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
}

/** Loaded when first asked for, because most servers are never scraped and each should start at once. */
async function exposeProcess(): Promise<string> {
  processMetrics ??= import("prom-client").then(({ collectDefaultMetrics, Registry }) => {
    const register = new Registry();
    collectDefaultMetrics({ register });
    return register;
  });
  return (await processMetrics).metrics();
}

let processMetrics: Promise<{ metrics(): Promise<string> }> | undefined;

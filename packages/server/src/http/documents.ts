import type { ServedKind } from "@leasehold/api";
import { discoveryRoutes } from "./discovery.ts";
import { healthRoutes, type HealthOptions } from "./health.ts";
import { metricsRoute, type Gauge, type RequestMetrics } from "./metrics.ts";
import { publishOpenApi } from "./openapi/publish.ts";
import { rootRoutes } from "./root.ts";
import type { Document, DocumentRoute } from "./route.ts";
import { versionRoute } from "./version.ts";

export interface DocumentOptions {
  /** Reviews included. */
  readonly kinds: readonly ServedKind[];
  /** `host:port` at which clients reach the server; asked with each request, because the port may be known late. */
  readonly serverAddress: () => string;
  /** leasehold's own, as in package.json. */
  readonly version: string;
  readonly health: HealthOptions;
  readonly metrics: RequestMetrics;
  readonly gauges: readonly Gauge[];
  readonly nowMs: () => number;
}

export interface Documents {
  readonly documents: readonly DocumentRoute[];
  /** Answers everything below `/openapi/v3/`. */
  readonly openApi: Document;
}

/** Everything that the server has at a path of its own, beside its resources: what a router wants of it. */
export function createDocuments(options: DocumentOptions): Documents {
  const openApi = publishOpenApi(options.kinds, options.nowMs);
  const documents = [
    ...discoveryRoutes(options),
    ...healthRoutes(options.health),
    metricsRoute(options.metrics, options.gauges),
    ...openApi.routes,
    versionRoute(options.version),
  ];
  return { documents: [...documents, ...rootRoutes(documents)], openApi: openApi.below };
}

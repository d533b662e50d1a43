import type { ServedKind } from "@leasehold/api";
import { discoveryRoutes } from "./discovery.ts";
import { healthRoutes, type HealthOptions } from "./health.ts";
import { metricsRoute, type Gauge, type RequestMetrics } from "./metrics.ts";
import { rootRoutes } from "./root.ts";
import type { DocumentRoute } from "./route.ts";
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
}

/** Everything that the server has at a path of its own, beside its resources. */
export function documentRoutes(options: DocumentOptions): readonly DocumentRoute[] {
  const documents = [
    ...discoveryRoutes(options),
    ...healthRoutes(options.health),
    metricsRoute(options.metrics, options.gauges),
    versionRoute(options.version),
  ];
  return [...documents, ...rootRoutes(documents)];
}

import { quote } from "@leasehold/api";
import { parseQuery } from "../codec/query.ts";
import type { HttpRequest, WholeAnswer } from "./exchange.ts";
import { textAnswer } from "./respond.ts";
import type { DocumentRoute } from "./route.ts";

/** Something that must be well for the server to be. */
export interface HealthCheck {
  /** As it stands in paths and in `exclude`, e.g. `store`. */
  readonly name: string;
  /** What is wrong, or undefined when all is well. Asked with every request, so it must be cheap. */
  readonly check: () => string | undefined;
}

export interface HealthOptions {
  /** Whether the process should be left to run. */
  readonly live: readonly HealthCheck[];
  /** What must hold beyond that before clients are sent here. */
  readonly ready: readonly HealthCheck[];
}

/** `/livez`, `/readyz` and their elder sister `/healthz`, each with its checks below it. */
export function healthRoutes({ live, ready }: HealthOptions): readonly DocumentRoute[] {
  const living = [ping, ...live];
  return [
    ...endpoint("healthz", living),
    ...endpoint("livez", living),
    ...endpoint("readyz", [...living, ...ready]),
  ];
}

/** Says no more than that somebody answers. */
const ping: HealthCheck = { name: "ping", check: () => undefined };

function endpoint(name: string, checks: readonly HealthCheck[]): readonly DocumentRoute[] {
  return [
    { path: `/${name}`, answer: (request) => answerAll(request, { name, checks }) },
    ...checks.map((check) => ({ path: `/${name}/${check.name}`, answer: () => answerOne(check) })),
  ];
}

function answerAll(
  request: HttpRequest,
  { name, checks }: { readonly name: string; readonly checks: readonly HealthCheck[] },
): WholeAnswer {
  const query = parseQuery(request.query);
  const excluded = new Set(query.get("exclude"));
  const report = checks.map((check) => reportOf(check, excluded));
  const unknown = [...excluded].filter((wanted) => !checks.some((check) => check.name === wanted)).toSorted();
  const warning =
    unknown.length === 0
      ? ""
      : `warn: some health checks cannot be excluded: no matches for ${unknown.map(quote).join(",")}\n`;
  const text = report.join("") + warning;
  // A failure is told in full, whether asked for or not; its reason is for the log and for who may read the check itself.
  if (report.some((line) => line.startsWith("[-]"))) return textAnswer(500, `${text}${name} check failed\n`);
  return textAnswer(200, query.has("verbose") ? `${text}${name} check passed\n` : "ok");
}

function reportOf({ name, check }: HealthCheck, excluded: ReadonlySet<string>): string {
  if (excluded.has(name)) return `[+]${name} excluded: ok\n`;
  return check() === undefined ? `[+]${name} ok\n` : `[-]${name} failed: reason withheld\n`;
}

function answerOne({ check }: HealthCheck): WholeAnswer {
  const problem = check();
  if (problem !== undefined) return textAnswer(500, `internal server error: ${problem}\n`);
  return { status: 200, headers: { "Content-Type": "text/plain; charset=utf-8" }, body: "ok" };
}

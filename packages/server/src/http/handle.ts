import {
  apiVersionOf,
  StatusError,
  statusErrors,
  type Kind,
  type ReviewKind,
  type ServedKind,
} from "@leasehold/api";
import type { Attributes } from "../authz/attributes.ts";
import type { Authorizer } from "../authz/authorizer.ts";
import type { EscalationGuard } from "../authz/escalation.ts";
import type { Impersonator } from "../authz/impersonate.ts";
import type { Identified } from "../authn/authenticate.ts";
import type { Credentials } from "../authn/authenticator.ts";
import { bearerTokenWarning } from "../authn/bearer-token.ts";
import type { User } from "../authn/user.ts";
import { negotiateOutput } from "../codec/negotiate.ts";
import { limits } from "../limits.ts";
import type { Log } from "../log.ts";
import type { Registry } from "../registry/target.ts";
import type { Witnesses } from "../reviews/question.ts";
import { StoreUnavailableError } from "../store/store.ts";
import { accessDenied } from "./access-denied.ts";
import { answerContent, encodeStatus } from "./answer-content.ts";
import { answerWatch } from "./answer-watch.ts";
import type { Handler, HttpAnswer, HttpRequest } from "./exchange.ts";
import type { RequestMetrics } from "./metrics.ts";
import { firstHeader } from "./request-headers.ts";
import type { ResourceExchange } from "./resource-exchange.ts";
import { refuse } from "./respond.ts";
import type { ResourceTarget, Route, Router } from "./route.ts";
import { serveReview } from "./serve-review.ts";
import { serveVerb } from "./serve-verb.ts";
import { withWarnings } from "./warning-headers.ts";
import { offeredProtocols } from "./web-socket.ts";

/** A kind that is stored, or one that is only asked. */
export type AnyKind = Kind | ReviewKind;

/** What a request meets on its way. */
export interface HandlerParts {
  readonly router: Router<AnyKind>;
  readonly authenticate: (credentials: Credentials) => Identified;
  readonly authorizer: Authorizer;
  readonly impersonate: Impersonator;
  readonly guardEscalation: EscalationGuard;
  /** Who knows the answers to reviews. */
  readonly witnesses: Witnesses;
  readonly metrics: RequestMetrics;
  readonly registry: Registry;
  readonly kinds: readonly ServedKind[];
  readonly log: Log;
}

/** The life of a request. A stage refuses by throwing a StatusError, and none skips ahead. */
export function createHandler(parts: HandlerParts): Handler {
  return (request) => {
    const answer = answerOrRefuse(request, parts.log, () => {
      const routing = parts.router(request);
      if ("answer" in routing) return routing.answer;
      const sender = authenticate(parts, request);
      let user: User;
      try {
        user = admit(parts, request, attributesOf(routing, sender));
      } catch (error) {
        return neverSniffed(refuse(request, refusalOf(error, parts.log), encodeStatus));
      }
      return serve(parts, request, { route: routing, user });
    });
    const warning = bearerTokenWarning(firstHeader(request.headers, "authorization"));
    return warning === undefined ? answer : warned(answer, warning);
  };
}

/** As whom the sender asks, who may; throws where it may not. */
function admit(parts: HandlerParts, request: HttpRequest, asSender: Attributes): User {
  const user = parts.impersonate(request.headers, asSender);
  authorize(parts.authorizer, user === asSender.user ? asSender : { ...asSender, user });
  return user;
}

/** kube-apiserver marks what its doorkeepers refuse, and nothing else: a refusal quotes what strangers sent. */
async function neverSniffed(refusal: HttpAnswer | Promise<HttpAnswer>): Promise<HttpAnswer> {
  const answer = await refusal;
  return { ...answer, headers: { ...answer.headers, "X-Content-Type-Options": "nosniff" } };
}

async function warned(answer: Promise<HttpAnswer>, warning: string): Promise<HttpAnswer> {
  return withWarnings(await answer, new Set([warning]));
}

interface Admitted {
  readonly route: Route<AnyKind>;
  readonly user: User;
}

function authenticate(parts: HandlerParts, { headers, clientCertificate }: HttpRequest): User {
  const authorization = firstHeader(headers, "authorization");
  const identified = parts.authenticate({
    authorization: authorization === "" ? undefined : authorization,
    webSocketProtocols: offeredProtocols(headers),
    clientCertificate,
  });
  if (identified.kind === "user") return identified.user;
  parts.log.debug("refused credentials", { reason: identified.reason });
  throw statusErrors.unauthorized();
}

/** What is to be authorized; the path counts only where it names no resource. */
function attributesOf({ info }: Route<AnyKind>, user: User): Attributes {
  if (info.kind === "path") return { ...info, user };
  const { kind, verb, group, version, resource, subresource, namespace, name } = info;
  return { kind, user, verb, group, version, resource, subresource, namespace, name };
}

function authorize(authorizer: Authorizer, attributes: Attributes): void {
  const decision = authorizer.authorize(attributes);
  if (decision.kind !== "allowed") throw accessDenied(attributes, decision.reason);
}

function serve(
  parts: HandlerParts,
  request: HttpRequest,
  admitted: Admitted,
): HttpAnswer | Promise<HttpAnswer> {
  const { target } = admitted.route;
  switch (target.kind) {
    case "refused":
      throw target.error;
    case "answer":
      return target.answer;
    case "document":
      return target.answer(request);
    case "resource":
      return serveResource(parts, request, { ...admitted, target });
  }
}

/** The same with what goes along: warnings, whatever the answer, and a line in the metrics. */
async function serveResource(
  parts: HandlerParts,
  request: HttpRequest,
  admitted: Admitted & { readonly target: ResourceTarget<AnyKind> },
): Promise<HttpAnswer> {
  const { clock } = parts.registry;
  const startedMs = clock.monotonicMs();
  const { of, action, subresource } = admitted.target;
  const warnings = new Set(deprecationOf(of));
  const warn = (text: string): unknown => warnings.add(text);
  const answer = await answerOrRefuse(request, parts.log, () =>
    answerResource(parts, request, { ...admitted, warn }),
  );
  const durationMs = clock.monotonicMs() - startedMs;
  parts.metrics.record({ of, action, subresource, status: answer.status, durationMs });
  return withWarnings(answer, warnings);
}

function deprecationOf(kind: AnyKind): readonly string[] {
  if (kind.deprecation === undefined) return [];
  const { since, removedIn } = kind.deprecation;
  return [`${apiVersionOf(kind)} ${kind.kind} is deprecated in ${since}+, unavailable in ${removedIn}+`];
}

async function answerOrRefuse(
  request: HttpRequest,
  log: Log,
  answer: () => HttpAnswer | Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  try {
    return await answer();
  } catch (error) {
    return refuse(request, refusalOf(error, log), encodeStatus);
  }
}

async function answerResource(
  parts: HandlerParts,
  request: HttpRequest,
  {
    target,
    route,
    user,
    warn,
  }: Admitted & {
    readonly target: ResourceTarget<AnyKind>;
    readonly warn: (text: string) => void;
  },
): Promise<HttpAnswer> {
  const { registry, kinds } = parts;
  const { of: kind, namespace, name } = target;
  const accept = firstHeader(request.headers, "accept");
  const isStored = "storage" in kind;
  const subresource = isStored
    ? kind.subresources.find(({ name }) => name === target.subresource)
    : undefined;
  const output = negotiateOutput(accept, { hasTables: isStored && (subresource?.hasTables ?? true) });
  const asked = { request, query: route.query, registry, kinds, namespace, name, output, user, warn };
  if (!isStored) return answerContent(asked, await serveReview({ ...asked, kind }, parts.witnesses));
  const exchange: ResourceExchange = {
    ...asked,
    kind,
    subresource,
    admit: (object, old) => parts.guardEscalation({ user, kind, namespace, name, object, old }),
    authorizeCreate: () => authorizeCreate(parts, target, { user, kind }),
  };
  const served = await serveVerb(target.action, exchange);
  return served.kind === "watch" ? answerWatch(exchange, served.events) : answerContent(asked, served);
}

/** Whoever updates what is not there wants to create it, which is another right. */
function authorizeCreate(
  { authorizer }: HandlerParts,
  { namespace, name, subresource }: ResourceTarget<AnyKind>,
  { user, kind: { group, version, plural: resource } }: { readonly user: User; readonly kind: Kind },
): void {
  const verb = "create";
  const wanted = {
    kind: "resource",
    user,
    verb,
    group,
    version,
    resource,
    subresource,
    namespace,
    name,
  } as const;
  authorize(authorizer, wanted);
}

/** What a failure is to the client: each surfaces as itself. */
function refusalOf(error: unknown, log: Log): StatusError {
  if (error instanceof StatusError) return error;
  if (error instanceof StoreUnavailableError)
    return statusErrors.serviceUnavailable(error.message, limits.retryAfterSeconds);
  log.error("a request failed for a reason that nobody expected", { err: error });
  return statusErrors.internalError("an unexpected failure, which is in the server's log");
}

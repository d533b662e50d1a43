import { StatusError, statusErrors, type Kind, type ServedKind } from "@leasehold/api";
import type { Authorizer } from "../authz/authorizer.ts";
import type { Identified } from "../authn/authenticate.ts";
import type { Credentials } from "../authn/authenticator.ts";
import type { User } from "../authn/user.ts";
import { negotiateOutput } from "../codec/negotiate.ts";
import type { Log } from "../log.ts";
import type { Registry } from "../registry/target.ts";
import { StoreUnavailableError } from "../store/store.ts";
import { accessDenied } from "./access-denied.ts";
import { answerContent, encodeStatus } from "./answer-content.ts";
import { answerWatch } from "./answer-watch.ts";
import type { Handler, HttpAnswer, HttpRequest } from "./exchange.ts";
import { firstHeader } from "./request-headers.ts";
import type { ResourceExchange } from "./resource-exchange.ts";
import { refuse } from "./respond.ts";
import type { ResourceTarget, Route, Router } from "./route.ts";
import { serveVerb } from "./serve-verb.ts";

/** What a request meets on its way. */
export interface HandlerParts {
  readonly router: Router<Kind>;
  readonly authenticate: (credentials: Credentials) => Identified;
  readonly authorizer: Authorizer;
  readonly registry: Registry;
  readonly kinds: readonly ServedKind[];
  readonly log: Log;
}

/** The life of a request. A stage refuses by throwing a StatusError, and none skips ahead. */
export function createHandler(parts: HandlerParts): Handler {
  return async (request) => {
    try {
      const routing = parts.router(request);
      if ("answer" in routing) return routing.answer;
      const user = authenticate(parts, request);
      authorize(parts, routing, user);
      return await serve(parts, request, { route: routing, user });
    } catch (error) {
      return refuse(request, refusalOf(error, parts.log), encodeStatus);
    }
  };
}

interface Admitted {
  readonly route: Route<Kind>;
  readonly user: User;
}

function authenticate(parts: HandlerParts, { headers, clientCertificate }: HttpRequest): User {
  const authorization = firstHeader(headers, "authorization");
  const identified = parts.authenticate({
    authorization: authorization === "" ? undefined : authorization,
    clientCertificate,
  });
  if (identified.kind === "user") return identified.user;
  parts.log.debug("refused credentials", { reason: identified.reason });
  throw statusErrors.unauthorized();
}

function authorize({ authorizer }: HandlerParts, { info }: Route<Kind>, user: User): void {
  const attributes = { ...info, user };
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

async function serveResource(
  parts: HandlerParts,
  request: HttpRequest,
  { target, route, user }: Admitted & { readonly target: ResourceTarget<Kind> },
): Promise<HttpAnswer> {
  const { registry, authorizer } = parts;
  const { of: kind, namespace, name } = target;
  const output = negotiateOutput(firstHeader(request.headers, "accept"));
  const exchange: ResourceExchange = {
    request,
    query: route.query,
    registry,
    kind,
    kinds: parts.kinds,
    namespace,
    name,
    subresource: kind.subresources.find((candidate) => candidate.name === target.subresource),
    output,
    authorizeCreate() {
      const attributes = { ...route.info, kind: "resource", verb: "create", user } as const;
      const { group, version, plural: resource } = kind;
      const wanted = {
        ...attributes,
        group,
        version,
        resource,
        namespace,
        name,
        subresource: target.subresource,
      };
      const decision = authorizer.authorize(wanted);
      if (decision.kind !== "allowed") throw accessDenied(wanted, decision.reason);
    },
  };
  const served = await serveVerb(target.action, exchange);
  return served.kind === "watch" ? answerWatch(exchange, served.events) : answerContent(exchange, served);
}

/** What a failure is to the client: each surfaces as itself. */
function refusalOf(error: unknown, log: Log): StatusError {
  if (error instanceof StatusError) return error;
  if (error instanceof StoreUnavailableError) return statusErrors.serviceUnavailable(error.message);
  log.error("a request failed for a reason that nobody expected", { err: error });
  return statusErrors.internalError("an unexpected failure, which is in the server's log");
}

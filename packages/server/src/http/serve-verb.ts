import { statusErrors, type ApiObject, type StatusBody, type Verb } from "@leasehold/api";
import { decodeBody, readWhole } from "../codec/body.ts";
import type { Content, ListContent } from "../codec/content.ts";
import { deletionOfBody } from "../codec/delete-options.ts";
import { listOptions, type ListOptions } from "../codec/list-options.ts";
import { negotiateInput, negotiateWatch } from "../codec/negotiate.ts";
import { writeOptions, type WriteOptions, type WriteOptionsKind } from "../codec/options.ts";
import { patchOf, patchTypeOf } from "../codec/patch-body.ts";
import { flagParameter, textParameter } from "../codec/query.ts";
import { create } from "../verbs/create.ts";
import { deleteCollection } from "../verbs/delete-collection.ts";
import { deleteObject } from "../verbs/delete.ts";
import { get } from "../verbs/get.ts";
import { list, type ListCommand, type ListOutcome } from "../verbs/list.ts";
import { patch } from "../verbs/patch.ts";
import { update } from "../verbs/update.ts";
import { watch } from "../verbs/watch.ts";
import { firstHeader } from "./request-headers.ts";
import {
  collectionOf,
  objectContent,
  objectOfPath,
  type ResourceExchange,
  type Served,
} from "./resource-exchange.ts";

/** Reads a request into a verb's command, has it done, and says what came of it. */
export function serveVerb(verb: Verb, exchange: ResourceExchange): Promise<Served> {
  return verbs[verb](exchange);
}

const verbs: Readonly<Record<Verb, (exchange: ResourceExchange) => Promise<Served>>> = {
  async get(exchange) {
    if (flagParameter(exchange.query, "export") === true) throw statusErrors.badRequest(exportIsNoMore);
    const resourceVersion = textParameter(exchange.query, "resourceVersion");
    const object = await get(exchange.registry, { target: objectOfPath(exchange), resourceVersion });
    return objectContent(exchange.kind, object);
  },

  async list(exchange) {
    const options = listOptionsOf(exchange);
    const outcome = await list(exchange.registry, listCommand(exchange, options));
    return { kind: "content", status: 200, content: listContent(exchange, outcome) };
  },

  async watch(exchange) {
    const options = listOptionsOf(exchange);
    const { signal } = exchange.request;
    const events = watch(exchange.registry, { target: collectionOf(exchange), ...options, signal });
    negotiateWatch(header(exchange, "accept"));
    return { kind: "watch", events };
  },

  async create(exchange) {
    const contentType = header(exchange, "content-type");
    negotiateInput(contentType);
    const bytes = await readWhole(exchange.request);
    const options = optionsOf(exchange, "CreateOptions");
    const { kind, kinds, registry, warn } = exchange;
    const object = decodeBody(bytes, kind, { contentType, options, kinds, warn });
    const created = await create(registry, {
      target: collectionOf(exchange),
      object,
      ...options,
      warn,
      admit: exchange.admit,
    });
    return objectContent(kind, created, 201);
  },

  async update(exchange) {
    const bytes = await readWhole(exchange.request);
    const options = optionsOf(exchange, "UpdateOptions");
    const contentType = header(exchange, "content-type");
    const { kind, kinds, registry, warn } = exchange;
    const object = decodeBody(bytes, kind, { contentType, options, kinds, warn });
    const outcome = await update(registry, { ...writeOf(exchange, options), object });
    return objectContent(kind, outcome.object, outcome.created ? 201 : 200);
  },

  async patch(exchange) {
    const type = patchTypeOf(header(exchange, "content-type"));
    const bytes = await readWhole(exchange.request);
    const options = optionsOf(exchange, "PatchOptions", type === "apply");
    const command = { ...writeOf(exchange, options), patch: patchOf(type, bytes, options) };
    const { object, created } = await patch(exchange.registry, command);
    return objectContent(exchange.kind, object, created ? 201 : 200);
  },

  async delete(exchange) {
    const bytes = await readWhole(exchange.request);
    const { deletion, dryRun } = deletionOfBody(bytes, header(exchange, "content-type"), exchange.query);
    const outcome = await deleteObject(exchange.registry, {
      target: objectOfPath(exchange),
      deletion,
      dryRun,
    });
    if (outcome.kind === "going") {
      const status = deletion.orphanDependents === false ? 202 : 200;
      return objectContent(exchange.kind, outcome.object, status);
    }
    if (exchange.kind.returnsDeleted) return objectContent(exchange.kind, outcome.object);
    const content: Content = { kind: "status", status: removedStatus(exchange, outcome.object) };
    return { kind: "content", status: 200, content };
  },

  async deletecollection(exchange) {
    const options = listOptionsOf(exchange);
    const bytes = await readWhole(exchange.request);
    const { deletion, dryRun } = deletionOfBody(bytes, header(exchange, "content-type"), exchange.query);
    const command = { list: listCommand(exchange, options), deletion, dryRun };
    const outcome = await deleteCollection(exchange.registry, command);
    return { kind: "content", status: 200, content: listContent(exchange, outcome) };
  },
};

const exportIsNoMore = "the export parameter, deprecated since v1.14, is no longer supported";

function header({ request }: ResourceExchange, name: string): string {
  return firstHeader(request.headers, name);
}

function optionsOf(exchange: ResourceExchange, kind: WriteOptionsKind, isApply = false): WriteOptions {
  const userAgent = header(exchange, "user-agent");
  return writeOptions({ kind, query: exchange.query, userAgent, isApply });
}

function writeOf(exchange: ResourceExchange, { dryRun, manager }: WriteOptions) {
  const { subresource, warn, admit, authorizeCreate } = exchange;
  return { target: objectOfPath(exchange), subresource, dryRun, manager, warn, admit, authorizeCreate };
}

function listOptionsOf({ kind, query, name }: ResourceExchange): ListOptions {
  return listOptions(kind, query, name === "" ? undefined : name);
}

function listCommand(exchange: ResourceExchange, options: ListOptions): ListCommand {
  return { target: collectionOf(exchange), ...options };
}

function listContent({ kind }: ResourceExchange, outcome: ListOutcome): ListContent {
  return { kind: "list", of: kind, ...outcome };
}

function removedStatus({ kind }: ResourceExchange, { metadata }: ApiObject): StatusBody {
  const details = { name: metadata.name, group: kind.group, kind: kind.plural, uid: metadata.uid };
  return { metadata: {}, status: "Success", details: { ...details, group: details.group || undefined } };
}

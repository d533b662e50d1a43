import {
  apiVersionOf,
  type ApiObject,
  type DeleteOptions,
  encodeJsonValue,
  type JsonObject,
  type JsonValue,
  type Kind,
} from "@leasehold/api";
import type { ApiRequest, RequestBounds, Connection } from "../connection/connection.ts";
import { limits } from "../limits.ts";
import { openWatch, type WatchOptions } from "../watch/open-watch.ts";
import type { WatchEvent } from "../watch/watch-event.ts";
import { type ObjectList, readList, readObject } from "./read-object.ts";
import { type Place, type Query, resourcePath } from "./resource-path.ts";

export interface WriteOptions extends RequestBounds {
  /** By what name managed fields record the writer; default: the beginning of the User-Agent. */
  readonly fieldManager?: string | undefined;
  /** Goes through every stage of the server but stores nothing. */
  readonly dryRun?: boolean | undefined;
}

export interface ApplyOptions extends WriteOptions {
  readonly fieldManager: string;
  /** Takes fields over that another manager owns, instead of a 409. */
  readonly force?: boolean | undefined;
}

export interface Selection {
  /** As in `kubectl -l`: `app=web,tier!=cache`. */
  readonly labelSelector?: string | undefined;
  /** As in `kubectl --field-selector`: `metadata.name=x`. */
  readonly fieldSelector?: string | undefined;
}

export interface ListOptions extends RequestBounds, Selection {
  /** Objects on one page; default `limits.pageObjects`. */
  readonly pageObjects?: number | undefined;
  /** `0` takes whatever state the server has at hand; absent means the latest. */
  readonly resourceVersion?: string | undefined;
}

/** A merge patch (RFC 7396), or the operations of a JSON patch (RFC 6902). */
export type Patch =
  | { readonly type: "merge"; readonly patch: JsonObject }
  | { readonly type: "json"; readonly patch: readonly JsonObject[] };

/**
 * The objects of one kind at one server, in one namespace or (namespace undefined) in all; of a kind without namespaces, all. Objects are
 * in canonical form: absent fields are undefined, times are texts as on the wire. Errors are those of a Connection.
 */
export class ResourceClient<O extends ApiObject> {
  readonly connection: Connection;
  readonly kind: Kind<O>;
  readonly namespace: string | undefined;

  constructor(connection: Connection, kind: Kind<O>, namespace?: string) {
    this.connection = connection;
    this.kind = kind;
    this.namespace = namespace;
  }

  /** The object. An ApiError of reason `NotFound` if there is none. */
  async get(name: string, options: RequestBounds & { readonly resourceVersion?: string } = {}): Promise<O> {
    const query = { resourceVersion: options.resourceVersion };
    return this.#object({ method: "GET", ...this.#at("get", { name, query }) }, options);
  }

  /** All objects of the selection, page by page and all of one state. A list that takes too long ends with `Expired`. */
  async *list(options: ListOptions = {}): AsyncGenerator<O, void, undefined> {
    for await (const page of this.pages(options)) yield* page.items;
  }

  /** The same with each page's metadata: its `resourceVersion` is where a watch may go on. */
  async *pages(options: ListOptions = {}): AsyncGenerator<ObjectList<O>, void, undefined> {
    let next: string | undefined;
    do {
      const query = {
        ...selectionOf(options),
        limit: options.pageObjects ?? limits.pageObjects,
        continue: next,
        resourceVersion: next === undefined ? options.resourceVersion : undefined,
      };
      const request = { method: "GET", ...this.#at("list", { query }) } as const;
      const page = readList(this.kind, await this.connection.ask(request, options));
      yield page;
      next = page.metadata.continue;
    } while (next !== undefined);
  }

  /** Stores a new object; its name may be left to the server by `metadata.generateName`. */
  async create(object: O, options: WriteOptions = {}): Promise<O> {
    const target = this.#at("create", { ...this.#home(object), query: writeQuery(options) });
    const subject = { ...target.subject, name: object.metadata.name };
    return this.#object({ method: "POST", ...target, subject, body: this.#body(object) }, options);
  }

  /**
   * Stores the object over the one of its name. With a `metadata.resourceVersion` only over that version, else `Conflict`. Fields that are
   * absent go away.
   */
  async replace(object: O, options: WriteOptions = {}): Promise<O> {
    const target = this.#at("update", {
      name: object.metadata.name ?? "",
      ...this.#home(object),
      query: writeQuery(options),
    });
    return this.#object({ method: "PUT", ...target, body: this.#body(object) }, options);
  }

  async patch(name: string, { type, patch }: Patch, options: WriteOptions = {}): Promise<O> {
    const body = {
      mediaType: `application/${type === "json" ? "json-patch" : "merge-patch"}+json`,
      text: encodeJsonValue(patch),
    };
    return this.#object(
      { method: "PATCH", ...this.#at("patch", { name, query: writeQuery(options) }), body },
      options,
    );
  }

  /** Server-side apply: makes the fields of `object` so, and takes those away that this manager applied before and are absent now. */
  async apply(
    object: JsonObject & { readonly metadata: { readonly name: string } },
    options: ApplyOptions,
  ): Promise<O> {
    const query = { ...writeQuery(options), force: options.force };
    const target = this.#at("patch", { name: object.metadata.name, query });
    const typed = { ...object, apiVersion: apiVersionOf(this.kind), kind: this.kind.kind };
    const body = { mediaType: "application/apply-patch+yaml", text: encodeJsonValue(typed) };
    return this.#object({ method: "PATCH", ...target, body }, options);
  }

  /** Deletes it, with preconditions if `deletion` has some. An ApiError of reason `NotFound` if there is none. */
  async delete(
    name: string,
    options: RequestBounds & { readonly deletion?: DeleteOptions } = {},
  ): Promise<void> {
    const target = this.#at("delete", { name });
    await this.connection.ask({ method: "DELETE", ...target, body: deletionBody(options.deletion) }, options);
  }

  /** Deletes all objects of the selection. */
  async deleteCollection(
    options: RequestBounds & Selection & { readonly deletion?: DeleteOptions } = {},
  ): Promise<void> {
    const target = this.#at("deletecollection", { query: selectionOf(options) });
    await this.connection.ask({ method: "DELETE", ...target, body: deletionBody(options.deletion) }, options);
  }

  /**
   * What happens to the objects of the selection, from the next change on, or from behind `resourceVersion`. Ends when the server ends it
   * (watch again from the last version); throws ApiError `Expired` when that version is too old, WatchRefusedError where watching is not
   * permitted, ConnectionError when the connection breaks.
   */
  watch(options: WatchOptions = {}): AsyncGenerator<WatchEvent<O>, void, undefined> {
    const target = (query: Query): Pick<ApiRequest, "subject" | "path"> =>
      this.#at("watch", { query: { ...selectionOf(options), ...query } });
    return openWatch({ connection: this.connection, kind: this.kind, target }, options);
  }

  async #object(request: ApiRequest, attempt: RequestBounds): Promise<O> {
    return readObject(this.kind, await this.connection.ask(request, attempt));
  }

  #at(verb: string, { name, namespace, query = {} }: Target): Pick<ApiRequest, "subject" | "path"> {
    const { kind } = this;
    const resource = kind.group === "" ? kind.plural : `${kind.plural}.${kind.group}`;
    const place = { namespace: this.namespace ?? namespace, name };
    return { subject: { verb, resource, ...place }, path: resourcePath(kind, place, query) };
  }

  /** An object may say itself where it belongs, if the client is for all namespaces. */
  #home({ metadata }: O): Target {
    return this.kind.scope === "namespaced" ? { namespace: metadata.namespace } : {};
  }

  #body(object: O): { readonly mediaType: string; readonly text: string } {
    const typed = { ...object, apiVersion: apiVersionOf(this.kind), kind: this.kind.kind };
    return { mediaType: "application/json", text: encodeJsonValue(typed as unknown as JsonValue) };
  }
}

interface Target extends Place {
  readonly query?: Query;
}

function selectionOf({ labelSelector, fieldSelector }: Selection): Query {
  return { labelSelector, fieldSelector };
}

function writeQuery({ fieldManager, dryRun }: WriteOptions): Query {
  return { fieldManager, dryRun: dryRun === true ? "All" : undefined };
}

function deletionBody(deletion: DeleteOptions | undefined): ApiRequest["body"] {
  if (deletion === undefined) return undefined;
  const typed = { ...deletion, apiVersion: "v1", kind: "DeleteOptions" };
  return { mediaType: "application/json", text: encodeJsonValue(typed) };
}

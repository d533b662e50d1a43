import {
  deleteOptionsTable,
  listMetaTable,
  statusTable,
  watchEventTable,
  type MessageTable,
  type ServedKind,
  type Verb,
} from "@leasehold/api";
import { objectMediaTypes, watchMediaTypes } from "../../codec/negotiate.ts";
import { patchMediaTypes } from "../route.ts";
import type { JsonPart, Schemas, TypeName } from "./json-schema.ts";
import {
  deleteCollectionParameters,
  deleteParameters,
  listParameters,
  writeParameters,
  type ParameterName,
} from "./parameters.ts";

/** One method of one path, before the parameters that all methods of the path share are taken out. */
export interface Operation {
  readonly path: string;
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  readonly parameters: readonly ParameterName[];
  readonly description: JsonPart;
}

/** A kind with what its operations are described by. */
export interface DescribedKind extends ServedKind {
  readonly subresources?: readonly { readonly name: string; readonly verbs: readonly Verb[] }[];
}

/** Where the operations of a kind are described. */
export interface Place {
  readonly schemas: Schemas;
  /** `/apis/coordination.k8s.io/v1` */
  readonly root: string;
  /** `coordination_v1` */
  readonly tag: string;
  /** `CoordinationV1`, which stands in every operation's id. */
  readonly title: string;
}

/** Every operation that a kind allows. */
export function operationsOf(kind: DescribedKind, place: Place): readonly Operation[] {
  const describer = new Describer(kind, place);
  return [
    ...describer.collection(),
    ...describer.item(),
    ...describer.subresources(),
    ...describer.watches(),
  ];
}

class Describer {
  readonly #kind: DescribedKind;
  readonly #place: Place;
  readonly #type: TypeName;
  readonly #object: JsonPart;
  /** `NamespacedLease` or `Namespace`. */
  readonly #title: string;
  readonly #collection: string;
  readonly #scope: readonly ParameterName[];

  constructor(kind: DescribedKind, place: Place) {
    const { group, version, plural } = kind;
    const isNamespaced = kind.scope === "namespaced";
    this.#kind = kind;
    this.#place = place;
    this.#type = { group, version, kind: kind.kind };
    this.#object = place.schemas.refToObject(kind.table, [this.#type]);
    this.#title = isNamespaced ? `Namespaced${kind.kind}` : kind.kind;
    this.#collection = isNamespaced ? `/namespaces/{namespace}/${plural}` : `/${plural}`;
    this.#scope = isNamespaced ? ["namespace", "pretty"] : ["pretty"];
  }

  *collection(): Iterable<Operation> {
    const { kind, plural, scope } = this.#kind;
    const path = this.#collection;
    if (this.#allows("list")) {
      const list = {
        action: "list",
        summary: `list or watch objects of kind ${kind}`,
        answers: this.#listAnswers(),
      };
      const names = [...listParameters, ...this.#scope];
      yield this.#operation({ ...list, path, method: "get", id: `list${this.#titled()}`, names });
      if (scope === "namespaced") {
        const id = `list${this.#place.title}${kind}ForAllNamespaces`;
        yield this.#operation({
          ...list,
          path: `/${plural}`,
          method: "get",
          id,
          names: [...listParameters, "pretty"],
        });
      }
    }
    if (this.#allows("create")) {
      yield this.#operation({
        path,
        method: "post",
        action: "post",
        id: `create${this.#titled()}`,
        summary: `create a ${kind}`,
        names: [...writeParameters, ...this.#scope],
        body: body(this.#object, ["*/*"], true),
        answers: objectAnswers(this.#object, created),
      });
    }
    if (this.#allows("deletecollection")) {
      yield this.#operation({
        path,
        method: "delete",
        action: "deletecollection",
        id: `delete${this.#place.title}Collection${this.#title}`,
        summary: `delete collection of ${kind}`,
        names: [...deleteCollectionParameters, ...this.#scope],
        body: body(this.#deleteOptions(), ["*/*"], false),
        answers: objectAnswers(this.#status(), done),
      });
    }
  }

  *item(): Iterable<Operation> {
    const path = `${this.#collection}/{name}`;
    yield* this.#reading({ path, verbs: this.#kind.verbs, suffix: "", what: "" });
    if (!this.#allows("delete")) return;
    const { kind } = this.#kind;
    yield this.#operation({
      path,
      method: "delete",
      action: "delete",
      id: `delete${this.#titled()}`,
      summary: `delete a ${kind}`,
      names: [...deleteParameters, "name", ...this.#scope],
      body: body(this.#deleteOptions(), ["*/*"], false),
      answers: objectAnswers(this.#status(), deleted),
    });
  }

  *subresources(): Iterable<Operation> {
    for (const { name, verbs } of this.#kind.subresources ?? []) {
      const suffix = name.charAt(0).toUpperCase() + name.slice(1);
      yield* this.#reading({
        path: `${this.#collection}/{name}/${name}`,
        verbs,
        suffix,
        what: `${name} of `,
      });
    }
  }

  *watches(): Iterable<Operation> {
    if (!this.#allows("watch")) return;
    const { kind, plural, scope } = this.#kind;
    const deprecated = "deprecated: use the 'watch' parameter with a list operation instead";
    const list = {
      method: "get",
      action: "watchlist",
      summary: `watch individual changes to a list of ${kind}. ${deprecated}.`,
      answers: this.#watchAnswers(),
    } as const;
    const path = `/watch${this.#collection}`;
    const id = `watch${this.#titled()}`;
    if (scope === "namespaced") {
      const everywhere = `watch${this.#place.title}${kind}ListForAllNamespaces`;
      const names = [...listParameters, "pretty"] as const;
      yield this.#operation({ ...list, path: `/watch/${plural}`, id: everywhere, names });
    }
    yield this.#operation({ ...list, path, id: `${id}List`, names: [...listParameters, ...this.#scope] });
    yield this.#operation({
      ...list,
      path: `${path}/{name}`,
      action: "watch",
      id,
      summary: `watch changes to an object of kind ${kind}. ${deprecated}, filtered to a single item with the 'fieldSelector' parameter.`,
      names: [...listParameters, "name", ...this.#scope],
    });
  }

  /** Reading, replacing and patching an object or a part of it. */
  *#reading({ path, verbs, suffix, what }: Part): Iterable<Operation> {
    const { kind } = this.#kind;
    const named = ["name", ...this.#scope] as const;
    const common = (verb: string): Pick<Described, "id" | "path"> => ({
      path,
      id: `${verb}${this.#titled()}${suffix}`,
    });
    if (verbs.includes("get")) {
      const summary = `read ${what}the specified ${kind}`;
      const answers = objectAnswers(this.#object, done);
      yield this.#operation({
        ...common("read"),
        method: "get",
        action: "get",
        summary,
        names: named,
        answers,
      });
    }
    const write = {
      answers: objectAnswers(this.#object, replaced),
      names: [...writeParameters, ...named],
    } as const;
    if (verbs.includes("update")) {
      const summary = `replace ${what}the specified ${kind}`;
      const put = { method: "put", action: "put", summary, body: body(this.#object, ["*/*"], true) } as const;
      yield this.#operation({ ...common("replace"), ...write, ...put });
    }
    if (verbs.includes("patch")) {
      const summary = `partially update ${what}the specified ${kind}`;
      const patch = this.#place.schemas.refTo(patchTable);
      const how = {
        method: "patch",
        action: "patch",
        summary,
        body: body(patch, patchMediaTypes, true),
      } as const;
      yield this.#operation({ ...common("patch"), ...write, ...how, names: [...write.names, "force"] });
    }
  }

  #allows(verb: Verb): boolean {
    return this.#kind.verbs.includes(verb);
  }

  #titled(): string {
    return `${this.#place.title}${this.#title}`;
  }

  #operation({ path, method, id, action, summary, names, body: requestBody, answers }: Described): Operation {
    return {
      path: this.#place.root + path,
      method,
      parameters: names,
      description: {
        tags: [this.#place.tag],
        description: summary,
        operationId: id,
        ...(requestBody !== undefined && { requestBody }),
        responses: answers,
        "x-kubernetes-action": action,
        "x-kubernetes-group-version-kind": this.#type,
      },
    };
  }

  #listAnswers(): JsonPart {
    const { table, kind, ...type } = this.#kind;
    const list = listTable(table);
    const types = [{ group: type.group, version: type.version, kind: `${kind}List` }];
    return answer(this.#place.schemas.refToObject(list, types), [...objectMediaTypes, ...watchMediaTypes]);
  }

  #watchAnswers(): JsonPart {
    const { schemas } = this.#place;
    const event = schemas.refToBare(watchEventTable, this.#everywhere("WatchEvent"));
    return answer(event, [...objectMediaTypes, ...watchMediaTypes]);
  }

  #status(): JsonPart {
    return this.#place.schemas.refToObject(statusTable, [{ group: "", kind: "Status", version: "v1" }]);
  }

  #deleteOptions(): JsonPart {
    return this.#place.schemas.refToObject(deleteOptionsTable, this.#everywhere("DeleteOptions"));
  }

  /** A type that every group version has a name for, beside the core group's. */
  #everywhere(kind: string): readonly TypeName[] {
    const { group, version } = this.#type;
    const core = { group: "", version: "v1", kind };
    return group === "" ? [core] : [core, { group, version, kind }];
  }
}

interface Part {
  readonly path: string;
  readonly verbs: readonly Verb[];
  /** Of the operation's id: empty for the object itself. */
  readonly suffix: string;
  /** Of the summary: empty for the object itself. */
  readonly what: string;
}

interface Described {
  /** Below the group version. */
  readonly path: string;
  readonly method: Operation["method"];
  readonly id: string;
  readonly action: string;
  readonly summary: string;
  readonly names: readonly ParameterName[];
  readonly body?: JsonPart;
  readonly answers: JsonPart;
}

/** The codes of success, each with its word. */
type Codes = Readonly<Record<string, string>>;

const done: Codes = { 200: "OK" };
const created: Codes = { 200: "OK", 201: "Created", 202: "Accepted" };
const replaced: Codes = { 200: "OK", 201: "Created" };
const deleted: Codes = { 200: "OK", 202: "Accepted" };

function objectAnswers(schema: JsonPart, codes: Codes): JsonPart {
  const answers: Record<string, unknown> = { ...unauthorized };
  for (const [code, description] of Object.entries(codes)) {
    answers[code] = { description, content: content(schema, objectMediaTypes) };
  }
  return answers;
}

/** What a GET answers that has no other outcome. */
export function answer(schema: JsonPart, mediaTypes: readonly string[]): JsonPart {
  return { 200: { description: "OK", content: content(schema, mediaTypes) }, ...unauthorized };
}

const unauthorized: JsonPart = { 401: { description: "Unauthorized" } };

function body(schema: JsonPart, mediaTypes: readonly string[], required: boolean): JsonPart {
  return { content: content(schema, mediaTypes), ...(required && { required }) };
}

function content(schema: JsonPart, mediaTypes: readonly string[]): JsonPart {
  return Object.fromEntries(mediaTypes.toSorted().map((mediaType) => [mediaType, { schema }]));
}

const metaPackage = "io.k8s.apimachinery.pkg.apis.meta.v1";

const patchTable: MessageTable = {
  name: "Patch",
  package: metaPackage,
  description: "A change, in the form that the Content-Type names.",
  fields: [],
};

function listTable(item: MessageTable): MessageTable {
  return {
    name: `${item.name}List`,
    package: item.package,
    description: `A list of ${item.name} objects.`,
    fields: [
      {
        name: "metadata",
        number: 1,
        type: listMetaTable,
        presence: "value",
        description: "The version of the list, and where it goes on.",
      },
      {
        name: "items",
        number: 2,
        type: item,
        container: "list",
        presence: "always",
        required: true,
        description: "The objects.",
      },
    ],
  };
}

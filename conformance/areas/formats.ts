import type { ConformanceCase } from "../case.ts";
import { table } from "../case.ts";
import { created, lease, ok, storedLease, storedMetadata } from "../vocabulary/leases.ts";
import { badRequest, deleted, notFound, refused } from "../vocabulary/statuses.ts";
import { aRevision, textLike } from "../wire/match.ts";

type Members = Readonly<Record<string, unknown>>;

const asTable = "application/json;as=Table;v=v1;g=meta.k8s.io";
const asPartial = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
const asPartialList = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
const labels = { x: "y" };
const given = [lease("a", { holderIdentity: "me" }, { labels }), lease("b")];

const columns = [
  { name: "Name", type: "string", format: "name", description: textLike(/./), priority: 0 },
  { name: "Holder", type: "string", format: "", description: textLike(/./), priority: 0 },
  { name: "Age", type: "string", format: "", description: textLike(/./), priority: 0 },
];

export const formatCases: readonly ConformanceCase[] = [
  table("a table has a row for each object, with its metadata", {
    given,
    rows: [
      [
        "GET leases",
        { accept: asTable },
        ok(tableOf([row(["a", "me"], partial("a", { labels })), row(["b", ""], partial("b"))])),
      ],
      ["GET leases/a", { accept: asTable }, ok(tableOf([row(["a", "me"], partial("a", { labels }))]))],
      ["GET leases?labelSelector=x%3Dnone", { accept: asTable }, ok(tableOf([]))],
      ["GET leases/absent", { accept: asTable }, notFound("absent")],
    ],
  }),
  table("a table says how much of the objects it holds, as it is asked", {
    given: [lease("a", { holderIdentity: "me" })],
    rows: [
      ["GET leases?includeObject=None", { accept: asTable }, ok(tableOf([row(["a", "me"], undefined)]))],
      [
        "GET leases?includeObject=Metadata",
        { accept: asTable },
        ok(tableOf([row(["a", "me"], partial("a"))])),
      ],
      [
        "GET leases?includeObject=Object",
        { accept: asTable },
        ok(tableOf([row(["a", "me"], storedLease("a", { holderIdentity: "me" }))])),
      ],
      [
        "GET leases?includeObject=Bogus",
        { accept: asTable },
        badRequest(
          "Unable to convert to Table as requested: includeObject: Invalid value: \"Bogus\": must be 'Metadata', 'Object', 'None', or empty",
        ),
      ],
    ],
  }),
  table("a client that asks for a table first, and for the object else, gets the table", {
    given: [lease("a")],
    rows: [
      [
        "GET leases?limit=500",
        { accept: `${asTable},application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json` },
        ok(tableOf([row(["a", ""], partial("a"))])),
      ],
    ],
  }),
  {
    name: "a watch of a table names the columns in its first event, and has a row in each",
    async run({ ask, make, watch }) {
      await make("leases", lease("a", { holderIdentity: "me" }));
      const open = await watch("leases?watch=1", { accept: asTable });
      await ask("PATCH leases/a", { merge: { spec: { holderIdentity: "you" } } });
      await open.tells(
        ["ADDED", tableOf([row(["a", "me"], partial("a"))])],
        ["MODIFIED", { ...tableOf([row(["a", "you"], partial("a"))]), columnDefinitions: null }],
      );
    },
  },
  table("an object may be asked for without its spec", {
    given: [lease("a", { holderIdentity: "me" }, { labels })],
    rows: [
      ["GET leases/a", { accept: asPartial }, ok(partial("a", { labels }))],
      ["GET leases", { accept: asPartialList }, ok(partialList([partial("a", { labels })]))],
      ["GET leases/absent", { accept: asPartial }, notFound("absent")],
    ],
  }),
  table("a list is no object, and an object no list", {
    given: [lease("a")],
    rows: [
      [
        "GET leases",
        { accept: asPartial },
        notAcceptable(
          "you requested PartialObjectMetadata, but the requested object is a list (*coordination.LeaseList)",
        ),
      ],
      [
        "GET leases/a",
        { accept: asPartialList },
        notAcceptable(
          "you requested PartialObjectMetadataList, but the requested object is not a list (*coordination.Lease)",
        ),
      ],
    ],
  }),
  table("writes answer in the form that is asked for", {
    rows: [
      ["POST leases", { json: lease("a"), accept: asPartial }, created(partial("a"))],
      ["PATCH leases/a", { merge: { spec: { holderIdentity: "x" } }, accept: asPartial }, ok(partial("a"))],
      ["PUT leases/b", { json: lease("b"), accept: asPartial }, created(partial("b"))],
      ["PATCH leases/c?fieldManager=m", { apply: lease("c"), accept: asPartial }, created(partial("c"))],
      ["DELETE leases/b", { accept: asPartial }, deleted("b")],
      ["DELETE leases", { accept: asPartialList }, ok(partialList([partial("a"), partial("c")]))],
    ],
  }),
  {
    name: "a watch may be of metadata alone",
    async run({ ask, make, watch }) {
      const { revision } = await make("leases", lease("a"));
      await ask("PATCH leases/a", { merge: { spec: { holderIdentity: "b" } } });
      const open = await watch(`leases?watch=1&resourceVersion=${revision}`, { accept: asPartial });
      await open.tells(["MODIFIED", partial("a")]);
    },
  },
  table("YAML is another way to write the same", {
    given: [lease("a", { holderIdentity: 'on "\n' })],
    rows: [
      [
        "GET leases/a",
        { accept: "application/yaml" },
        ok(storedLease("a", { holderIdentity: 'on "\n' }), { type: "application/yaml" }),
      ],
      ["GET leases/none", { accept: "application/yaml" }, { ...notFound("none"), type: "application/yaml" }],
      ["DELETE leases/a", { accept: "application/yaml" }, { ...deleted("a"), type: "application/yaml" }],
    ],
  }),
];

function partial(name: string, metadata: Members = {}): Members {
  return {
    kind: "PartialObjectMetadata",
    apiVersion: "meta.k8s.io/v1",
    metadata: storedMetadata(name, metadata),
  };
}

function partialList(items: readonly Members[]): Members {
  return {
    kind: "PartialObjectMetadataList",
    apiVersion: "meta.k8s.io/v1",
    metadata: { resourceVersion: aRevision },
    items,
  };
}

function tableOf(rows: readonly Members[]): Members {
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: { resourceVersion: aRevision },
    columnDefinitions: columns,
    rows,
  };
}

function row(cells: readonly string[], object: Members | undefined): Members {
  return { cells: [...cells, textLike(/^\d+s$/)], object: object ?? null };
}

function notAcceptable(message: string) {
  return refused(406, "NotAcceptable", { message });
}

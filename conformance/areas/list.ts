import assert from "node:assert/strict";
import { type ConformanceCase, type Row, table } from "../case.ts";
import type { Target } from "../target.ts";
import { lease, leaseList, ok, storedLease } from "../vocabulary/leases.ts";
import { badRequest, type Cause, failure, invalid, refused } from "../vocabulary/statuses.ts";
import type { Answer, Expected } from "../wire/answer.ts";
import { anything, having, textLike } from "../wire/match.ts";

const five = ["a", "b", "c", "d", "e"];

export const listCases: readonly ConformanceCase[] = [
  table("a list of nothing is an empty list, also in a namespace that is not there", {
    rows: [
      ["GET leases", ok(leaseList([]))],
      ["GET /apis/coordination.k8s.io/v1/namespaces/{ns}-none/leases", ok(leaseList([]))],
    ],
  }),
  table("a list is in the order of the bytes of the names", {
    given: ["b", "a.1", "a", "a-1", "ab", "a1", "z", "0"].map((name) => lease(name)),
    rows: [["GET leases", names("0", "a", "a-1", "a.1", "a1", "ab", "b", "z")]],
  }),
  {
    name: "a list of all namespaces is in the order of the bytes of namespace/name, and a field tells one of them",
    async run({ make, makeNamespace, namespace, answers }) {
      const other = `${namespace}-b`;
      await makeNamespace(other);
      const labels = { t: namespace };
      await make(`/apis/coordination.k8s.io/v1/namespaces/${other}/leases`, lease("a", {}, { labels }));
      await make("leases", lease("b", {}, { labels }));
      const [all, selected] = ["/apis/coordination.k8s.io/v1/leases", `labelSelector=t%3D${namespace}`];
      // The hyphen in the longer name comes before the slash after the shorter.
      const one = storedLease("b", {}, { labels });
      const two = storedLease("a", {}, { labels, namespace: other });
      await answers([
        [`GET ${all}?${selected}`, ok(leaseList([two, one]))],
        [`GET ${all}?${selected}&fieldSelector=metadata.namespace%3D${other}`, ok(leaseList([two]))],
        [`GET ${all}?${selected}&fieldSelector=metadata.namespace!%3D${other}`, ok(leaseList([one]))],
      ]);
    },
  },
  {
    name: "pages follow one another without gap or overlap, and count what remains",
    async run(target) {
      const { ask } = target;
      await makeAll(target, five);
      const first = (await ask("GET leases?limit=2")).is(page(["a", "b"], 3));
      const second = (await ask(`GET leases?limit=2&continue=${tokenOf(first)}`)).is(page(["c", "d"], 1));
      const third = (await ask(`GET leases?limit=2&continue=${tokenOf(second)}`)).is(names("e"));
      assert.equal(second.revision, first.revision, "pages are of one version");
      assert.equal(third.revision, first.revision, "pages are of one version");
    },
  },
  table("a limit that is not reached, or none, makes one page", {
    given: five.map((name) => lease(name)),
    rows: ["limit=5", "limit=6", "limit=0", "limit=-1"].map((query): Row => [
      `GET leases?${query}`,
      names(...five),
    ]),
  }),
  {
    name: "pages are one snapshot, whatever is created, changed and deleted meanwhile",
    async run(target) {
      const { ask, make } = target;
      await makeAll(target, five);
      const first = await ask("GET leases?limit=2");
      await make("leases", lease("c2"));
      await ask("DELETE leases/d");
      await ask("PATCH leases/e", { merge: { spec: { holderIdentity: "changed" } } });
      const rest = (await ask(`GET leases?limit=9&continue=${tokenOf(first)}`)).is(names("c", "d", "e"));
      assert.equal(rest.revision, first.revision);
      (await ask("GET leases")).is(
        ok(
          leaseList(
            ["a", "b", "c", "c2"]
              .map((name) => storedLease(name))
              .concat(storedLease("e", { holderIdentity: "changed" })),
          ),
        ),
      );
    },
  },
  {
    name: "a page with a selector does not know how much remains",
    async run(target) {
      await makeAll(target, five);
      (await target.ask("GET leases?limit=2&labelSelector=!nope")).is(
        ok(
          leaseList(
            ["a", "b"].map((name) => storedLease(name)),
            { continue: textLike(/./) },
          ),
        ),
      );
    },
  },
  {
    name: "a continuation is a token of the server's making, and goes with no version",
    async run(target) {
      const { ask, answers } = target;
      await makeAll(target, five);
      const token = tokenOf(await ask("GET leases?limit=1"));
      await answers([
        [
          "GET leases?limit=1&continue=bogus",
          badRequest(
            "invalid continue token: continue key is not valid: illegal base64 data at input byte 4",
          ),
        ],
        [
          `GET leases?limit=1&continue=${token}&resourceVersion=5`,
          badRequest("specifying resource version is not allowed when using continue"),
        ],
        [
          `GET leases?limit=1&continue=${token}&resourceVersionMatch=Exact`,
          matchRefused(
            "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided",
            "Forbidden: resourceVersionMatch is forbidden when continue is provided",
          ),
        ],
        [`GET leases?continue=${token}`, names("b", "c", "d", "e")],
      ]);
    },
  },
  {
    name: "what version is listed is asked by a number and how it is to be met",
    async run(target) {
      const { ask, make, answers } = target;
      await make("leases", lease("a"));
      const { revision } = await make("leases", lease("b"));
      await make("leases", lease("c"));
      const exact = (await ask(`GET leases?resourceVersion=${revision}&resourceVersionMatch=Exact`)).is(
        names("a", "b"),
      );
      assert.equal(exact.revision, revision);
      await answers([
        [`GET leases?resourceVersion=${revision}&resourceVersionMatch=NotOlderThan`, anyNames],
        [`GET leases?resourceVersion=${revision}`, anyNames],
        ["GET leases?resourceVersion=0", anyNames],
        ["GET leases?resourceVersion=0&resourceVersionMatch=NotOlderThan", anyNames],
        [`GET leases?resourceVersion=${revision}&limit=1`, page(["a"], 1, anything)],
        ["GET leases", names("a", "b", "c")],
      ]);
    },
  },
  table("how a version is to be met needs a version, and is one of two words", {
    rows: [
      [
        "GET leases?resourceVersionMatch=Exact",
        matchRefused("Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided"),
      ],
      [
        "GET leases?resourceVersion=0&resourceVersionMatch=Exact",
        matchRefused('Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"'),
      ],
      [
        "GET leases?resourceVersion=5&resourceVersionMatch=Bogus",
        matchRefused('Unsupported value: "Bogus": supported values: "Exact", "NotOlderThan", ""'),
      ],
    ],
  }),
  table("a limit and a version are numbers", {
    rows: [
      ["GET leases?limit=abc", badRequest('strconv.ParseInt: parsing "abc": invalid syntax')],
      [
        "GET leases?resourceVersion=abc",
        badRequest(
          'invalid resource version: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
        ),
      ],
      ["GET leases?timeoutSeconds=abc", badRequest('strconv.ParseInt: parsing "abc": invalid syntax')],
    ],
  }),
  {
    name: "a version that is too old to be listed is expired",
    async run({ ask, make }) {
      await make("leases", lease("a"));
      (await ask("GET leases?resourceVersion=1&resourceVersionMatch=Exact")).is(expired);
    },
  },
  {
    name: "a page whose version is forgotten goes on with the present state, for whoever wants that",
    async run(target) {
      const { ask } = target;
      await makeAll(target, ["a", "b", "c"]);
      const first = await ask("GET leases?limit=1");
      const token = JSON.parse(Buffer.from(tokenOf(first), "base64url").toString()) as object;
      const forgotten = Buffer.from(JSON.stringify({ ...token, rv: 1 })).toString("base64url");
      const answer = await ask(`GET leases?limit=1&continue=${forgotten}`);
      answer.is({ status: 410, body: having({ reason: "Expired", message: continueExpired }) });
      const rest = await ask(`GET leases?continue=${tokenOf(answer)}`);
      rest.is(names("b", "c"));
    },
  },
  {
    name: "a version in the future is not waited for forever",
    async run({ ask, make }) {
      const { revision } = await make("leases", lease("a"));
      const future = Number(revision) + 1_000_000;
      const answer = await ask(`GET leases?resourceVersion=${future}`);
      answer.is(tooLarge(future));
    },
  },
];

const expired = refused(410, "Expired", {
  message: "The resourceVersion for the provided list is too old.",
});

const continueExpired =
  "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.";

function tooLarge(future: number): Expected {
  const message = textLike(new RegExp(`^Timeout: Too large resource version: ${future}, current: \\d+$`));
  const cause = { reason: "ResourceVersionTooLarge", message: "Too large resource version" };
  return {
    status: 504,
    body: failure(504, "Timeout", { message, details: { causes: [cause], retryAfterSeconds: 1 } }),
  };
}

const anyNames = ok(anything);

async function makeAll({ make }: Target, names: readonly string[]): Promise<void> {
  for (const name of names) await make("leases", lease(name));
}

function names(...wanted: readonly string[]): Expected {
  return ok(leaseList(wanted.map((name) => storedLease(name))));
}

function page(
  wanted: readonly string[],
  remainingItemCount: number,
  counted: unknown = remainingItemCount,
): Expected {
  const more = { continue: textLike(/^[A-Za-z0-9_-]+$/), remainingItemCount: counted };
  return ok(
    leaseList(
      wanted.map((name) => storedLease(name)),
      more,
    ),
  );
}

function tokenOf(answer: Answer): string {
  return answer.readText("metadata.continue");
}

function matchRefused(...sentences: readonly string[]): Expected {
  const causes = sentences.map((sentence): Cause => {
    const reason = sentence.startsWith("Forbidden") ? "FieldValueForbidden" : "FieldValueNotSupported";
    return [reason, "resourceVersionMatch", sentence];
  });
  return invalid({ name: "", kind: "ListOptions", group: "meta.k8s.io" }, ...causes);
}

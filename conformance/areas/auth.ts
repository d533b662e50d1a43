import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { type ConformanceCase, type Row, table } from "../case.ts";
import type { Target } from "../target.ts";
import { created, lease, ok } from "../vocabulary/leases.ts";
import { badRequest, methodNotAllowed, notFound, refused } from "../vocabulary/statuses.ts";
import type { Expected } from "../wire/answer.ts";
import { anything, having, textLike } from "../wire/match.ts";

type Members = Readonly<Record<string, unknown>>;

const whoami = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
const review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
const access = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

const deniedReview = refused(403, "Forbidden", {
  message:
    'selfsubjectreviews.authentication.k8s.io is forbidden: User "system:anonymous" cannot create resource "selfsubjectreviews" in API group "authentication.k8s.io" at the cluster scope',
  details: { group: "authentication.k8s.io", kind: "selfsubjectreviews" },
});

export const authCases: readonly ConformanceCase[] = [
  table("credentials that are wrong are refused; none at all make an anonymous user", {
    rows: [
      [
        "GET leases",
        { as: "nobody", headers: { authorization: "Bearer wrong" } },
        refused(401, "Unauthorized", { message: "Unauthorized" }),
      ],
      ["GET leases", { as: "nobody" }, denied("system:anonymous", "list")],
      [
        "GET leases",
        { as: "nobody", headers: { authorization: "Basic YTpi" } },
        denied("system:anonymous", "list"),
      ],
    ],
  }),
  table("who is nobody may see health and version, and no more", {
    rows: [
      ...["/healthz", "/livez", "/readyz"].map((path): Row => [
        `GET ${path}`,
        { as: "nobody" },
        ok("ok", { type: "text/plain; charset=utf-8" }),
      ]),
      ["GET /version", { as: "nobody" }, ok(having({ major: "1" }))],
      ["GET /apis", { as: "nobody" }, deniedPath("system:anonymous", "/apis")],
      ["GET /nope", { as: "nobody" }, deniedPath("system:anonymous", "/nope")],
      ["GET /openapi/v2", { as: "nobody" }, deniedPath("system:anonymous", "/openapi/v2")],
    ],
  }),
  table("a user is whom a review says, impersonated or not", {
    rows: [
      [
        `POST ${whoami}`,
        { json: review },
        created(
          having({
            kind: "SelfSubjectReview",
            status: having({ userInfo: having({ username: textLike(/./) }) }),
          }),
        ),
      ],
      [
        `POST ${whoami}`,
        { json: review, as: "jane" },
        created(self({ username: "jane", groups: ["system:authenticated"] })),
      ],
      [
        `POST ${whoami}`,
        { json: review, as: "jane", headers: { "impersonate-group": ["a", "b"] } },
        created(self({ username: "jane", groups: ["a", "b", "system:authenticated"] })),
      ],
      [
        `POST ${whoami}`,
        { json: review, as: "jane", headers: { "impersonate-uid": "u-1" } },
        created(self({ username: "jane", uid: "u-1", groups: ["system:authenticated"] })),
      ],
      [
        `POST ${whoami}`,
        {
          json: review,
          as: "jane",
          headers: {
            "impersonate-extra-scopes": ["view", "edit"],
            "impersonate-extra-acme.com%2fproject": "x",
          },
        },
        created(
          self({
            username: "jane",
            groups: ["system:authenticated"],
            extra: { scopes: ["view", "edit"], "acme.com/project": ["x"] },
          }),
        ),
      ],
      [
        `POST ${whoami}`,
        { json: review, as: "system:serviceaccount:team:robot" },
        created(
          self({
            username: "system:serviceaccount:team:robot",
            groups: ["system:serviceaccounts", "system:serviceaccounts:team", "system:authenticated"],
          }),
        ),
      ],
      [`POST ${whoami}`, { json: review, as: "nobody" }, deniedReview],
      [`GET ${whoami}`, methodNotAllowed],
    ],
  }),
  table("who may do nothing is told what it was, to the verb", {
    given: [lease("a")],
    rows: [
      ["GET leases", { as: "jane" }, denied("jane", "list")],
      ["GET leases?watch=1", { as: "jane" }, denied("jane", "watch")],
      ["GET leases/a", { as: "jane" }, denied("jane", "get", "a")],
      ["POST leases", { json: lease("b"), as: "jane" }, denied("jane", "create")],
      ["PUT leases/a", { json: lease("a"), as: "jane" }, denied("jane", "update", "a")],
      ["PATCH leases/a", { merge: {}, as: "jane" }, denied("jane", "patch", "a")],
      ["DELETE leases/a", { as: "jane" }, denied("jane", "delete", "a")],
      ["DELETE leases", { as: "jane" }, denied("jane", "deletecollection")],
      ["GET leases/absent", { as: "jane" }, denied("jane", "get", "absent")],
      ["GET /apis/coordination.k8s.io/v1/leases", { as: "jane" }, deniedEverywhere("jane", "list")],
      ["GET /metrics", { as: "jane" }, deniedPath("jane", "/metrics")],
      [
        "GET /api/v1/namespaces",
        { as: "jane" },
        refused(403, "Forbidden", {
          message:
            'namespaces is forbidden: User "jane" cannot list resource "namespaces" in API group "" at the cluster scope',
          details: { kind: "namespaces" },
        }),
      ],
    ],
  }),
  table("what is refused at the door is not to be taken for a page", {
    given: [lease("a")],
    rows: [
      ["GET leases", { as: "jane" }, atTheDoor(denied("jane", "list"))],
      ["GET /apis", { as: "nobody" }, atTheDoor(deniedPath("system:anonymous", "/apis"))],
      [
        "GET leases",
        { headers: { "impersonate-group": "x" } },
        atTheDoor(
          badRequest(
            'requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string{"x"}, Extra:map[string][]string(nil)} without impersonating a user name',
          ),
        ),
      ],
      ["GET leases/absent", { ...notFound("absent"), headers: { "x-content-type-options": undefined } }],
    ],
  }),
  table("everybody who is somebody may discover", {
    rows: ["/api", "/apis", "/apis/coordination.k8s.io/v1", "/openapi/v3", "/version"].map((path): Row => [
      `GET ${path}`,
      { as: "jane" },
      ok(),
    ]),
  }),
  {
    name: "a role allows its verbs in its namespace, as soon as it is bound",
    async run(target) {
      await allow(target, "joe", { resources: ["leases"], verbs: ["get", "list", "watch", "create"] });
      await target.answers([
        ["POST leases", { json: lease("a"), as: "joe" }, created()],
        ["GET leases/a", { as: "joe" }, ok()],
        ["GET leases", { as: "joe" }, ok()],
        ["PATCH leases/a", { merge: {}, as: "joe" }, denied("joe", "patch", "a")],
        ["DELETE leases/a", { as: "joe" }, denied("joe", "delete", "a")],
        ["GET /apis/coordination.k8s.io/v1/leases", { as: "joe" }, deniedEverywhere("joe", "list")],
        ["GET leases", { as: "nobody" }, denied("system:anonymous", "list")],
      ]);
    },
  },
  {
    name: "a role may name the objects that it is about",
    async run(target) {
      await target.make("leases", lease("mine"));
      await target.make("leases", lease("other"));
      await allow(target, "joe", {
        resources: ["leases"],
        resourceNames: ["mine"],
        verbs: ["get", "list", "update"],
      });
      await target.answers([
        ["GET leases/mine", { as: "joe" }, ok()],
        ["GET leases/other", { as: "joe" }, denied("joe", "get", "other")],
        ["GET leases", { as: "joe" }, denied("joe", "list")],
        ["GET leases?fieldSelector=metadata.name%3Dmine", { as: "joe" }, ok()],
        ["GET leases?fieldSelector=metadata.name%3Dother", { as: "joe" }, denied("joe", "list", "other")],
      ]);
    },
  },
  {
    name: "who may update but not create does not create by updating or applying",
    async run(target) {
      await target.make("leases", lease("a"));
      await allow(target, "joe", { resources: ["leases"], verbs: ["get", "update", "patch"] });
      await target.answers([
        ["PUT leases/new", { json: lease("new"), as: "joe" }, denied("joe", "create", "new")],
        [
          "PATCH leases/new?fieldManager=m",
          { apply: lease("new"), as: "joe" },
          denied("joe", "create", "new"),
        ],
        ["PATCH leases/new", { merge: {}, as: "joe" }, notFound("new")],
        ["PATCH leases/a?fieldManager=m", { apply: lease("a", { holderIdentity: "x" }), as: "joe" }, ok()],
      ]);
    },
  },
  {
    name: "a review of access answers what a request would meet",
    async run(target) {
      await allow(target, "joe", { resources: ["leases"], verbs: ["get"] });
      const may = (verb: string, namespace = "{ns}"): Members => ({
        verb,
        namespace,
        group: "coordination.k8s.io",
        resource: "leases",
      });
      const asks = (resourceAttributes: Members): Members => ({
        apiVersion: "authorization.k8s.io/v1",
        kind: "SelfSubjectAccessReview",
        spec: { resourceAttributes },
      });
      const told = (attributes: Members, status: unknown): Members => ({
        ...asks(attributes),
        metadata: anything,
        status,
      });
      await target.answers([
        [
          `POST ${access}`,
          { json: asks(may("get")), as: "joe" },
          created(told(may("get"), having({ allowed: true }))),
        ],
        [
          `POST ${access}`,
          { json: asks(may("delete")), as: "joe" },
          created(told(may("delete"), having({ allowed: false }))),
        ],
        [
          `POST ${access}`,
          { json: asks(may("get", "default")), as: "joe" },
          created(told(may("get", "default"), having({ allowed: false }))),
        ],
        [`POST ${access}`, { json: asks(may("get")) }, created(told(may("get"), having({ allowed: true })))],
      ]);
    },
  },
  {
    name: "a review of rules lists what a user may do in a namespace",
    async run(target) {
      await allow(target, "joe", { resources: ["leases"], verbs: ["get"] });
      const json = {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SelfSubjectRulesReview",
        spec: { namespace: "{ns}" },
      };
      const answer = await target.ask("POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews", {
        json,
        as: "joe",
      });
      answer.is(created(having({ kind: "SelfSubjectRulesReview" })));
      const rules = answer.read("status.resourceRules");
      assert.ok(
        JSON.stringify(rules).includes(
          '{"verbs":["get"],"apiGroups":["coordination.k8s.io"],"resources":["leases"]}',
        ),
      );
    },
  },
  {
    name: "nobody grants what they may not do",
    async run(target) {
      await allow(target, "joe", {
        apiGroups: ["rbac.authorization.k8s.io"],
        resources: ["roles"],
        verbs: ["create"],
      });
      const role = {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "Role",
        metadata: { name: "more" },
        rules: [{ apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get"] }],
      };
      const answer = await target.ask("POST roles", { json: role, as: "joe" });
      assert.equal(answer.status, 403);
      assert.match(answer.readText("message"), /is attempting to grant RBAC permissions not currently held/);
    },
  },
];

function self(userInfo: Members): Members {
  return { ...review, metadata: { creationTimestamp: anything }, status: { userInfo } };
}

function denied(user: string, verb: string, name?: string): Expected {
  return forbidden(user, { verb, name, where: 'in the namespace "{ns}"' });
}

function deniedEverywhere(user: string, verb: string): Expected {
  return forbidden(user, { verb, name: undefined, where: "at the cluster scope" });
}

function forbidden(
  user: string,
  { verb, name, where }: { readonly verb: string; readonly name: string | undefined; readonly where: string },
): Expected {
  const what = name === undefined ? "leases.coordination.k8s.io" : `leases.coordination.k8s.io "${name}"`;
  const message = `${what} is forbidden: User "${user}" cannot ${verb} resource "leases" in API group "coordination.k8s.io" ${where}`;
  return refused(403, "Forbidden", {
    message,
    details: { name, group: "coordination.k8s.io", kind: "leases" },
  });
}

/** With the header that keeps browsers from guessing what an answer is. */
function atTheDoor(is: Expected): Expected {
  return { ...is, headers: { "x-content-type-options": "nosniff" } };
}

function deniedPath(user: string, path: string): Expected {
  return refused(403, "Forbidden", {
    message: `forbidden: User "${user}" cannot get path "${path}"`,
    details: {},
  });
}

/** Gives a user a role in the case's namespace, and waits until the server knows; a server learns of it in its own time. */
async function allow(target: Target, user: string, rule: Members): Promise<void> {
  const group = "rbac.authorization.k8s.io";
  const rules = [{ apiGroups: ["coordination.k8s.io"], ...rule }];
  await target.make("roles", { apiVersion: `${group}/v1`, kind: "Role", metadata: { name: user }, rules });
  const roleRef = { apiGroup: group, kind: "Role", name: user };
  const subjects = [{ apiGroup: group, kind: "User", name: user }];
  await target.make("rolebindings", {
    apiVersion: `${group}/v1`,
    kind: "RoleBinding",
    metadata: { name: user },
    roleRef,
    subjects,
  });
  for (let tries = 100; tries > 0; tries--) {
    const { body } = await target.ask("POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews", {
      json: {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SelfSubjectRulesReview",
        spec: { namespace: "{ns}" },
      },
      as: user,
    });
    if (JSON.stringify(body).includes(JSON.stringify(rule["resources"]))) return;
    await wait(50);
  }
  throw new Error(`the role of ${user} is not in force`);
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { createAuthenticator } from "./authenticate.ts";
import type { Credentials } from "./authenticator.ts";

const reader = { name: "reader", uid: "u-reader", groups: ["readers"], extra: {} };
const authenticate = createAuthenticator(
  new Map([
    ["reader-token", reader],
    ["says-so", { ...reader, groups: ["system:authenticated", "late"] }],
    ["stranger", { ...reader, groups: ["system:unauthenticated"] }],
    ["nobody", { ...reader, name: "system:anonymous", groups: [] }],
  ]),
);

const certificate = {
  kind: "trusted",
  commonName: "alice",
  organizations: ["devs", "ops"],
  fingerprint: "ab12",
} as const;
const untrusted = { kind: "untrusted", problem: "self-signed certificate" } as const;

const tokenPrefix = "base64url.bearer.authorization.k8s.io.";
const offered = (token: string): string => tokenPrefix + Buffer.from(token).toString("base64url");

const cases: readonly { readonly title: string; readonly from: Partial<Credentials>; readonly is: string }[] =
  [
    { title: "no credentials are anonymous", from: {}, is: "system:anonymous [system:unauthenticated]" },
    {
      title: "an empty header is anonymous",
      from: { authorization: "" },
      is: "system:anonymous [system:unauthenticated]",
    },
    {
      title: "another scheme is anonymous",
      from: { authorization: "Basic YTpi" },
      is: "system:anonymous [system:unauthenticated]",
    },
    {
      title: "a known token is its user",
      from: { authorization: "Bearer reader-token" },
      is: "reader [readers,system:authenticated]",
    },
    {
      title: "the scheme has no case",
      from: { authorization: "bEARER reader-token" },
      is: "reader [readers,system:authenticated]",
    },
    {
      title: "space around the header does not count",
      from: { authorization: "  Bearer reader-token " },
      is: "reader [readers,system:authenticated]",
    },
    {
      title: "what stands behind the token does not count",
      from: { authorization: "Bearer reader-token and more" },
      is: "reader [readers,system:authenticated]",
    },
    { title: "a wrong token is refused", from: { authorization: "Bearer wrong" }, is: "refused" },
    {
      title: "a scheme alone is anonymous",
      from: { authorization: "Bearer" },
      is: "system:anonymous [system:unauthenticated]",
    },
    {
      title: "two spaces leave no token where it belongs",
      from: { authorization: "Bearer  reader-token" },
      is: "system:anonymous [system:unauthenticated]",
    },
    {
      title: "a tab is not a space",
      from: { authorization: "Bearer\treader-token" },
      is: "system:anonymous [system:unauthenticated]",
    },
    {
      title: "a user who has the group already keeps its groups",
      from: { authorization: "Bearer says-so" },
      is: "reader [system:authenticated,late]",
    },
    {
      title: "a user who says it is unauthenticated is believed",
      from: { authorization: "Bearer stranger" },
      is: "reader [system:unauthenticated]",
    },
    {
      title: "a token may stand for the anonymous user",
      from: { authorization: "Bearer nobody" },
      is: "system:anonymous []",
    },
    {
      title: "a trusted certificate is its common name",
      from: { clientCertificate: certificate },
      is: "alice [devs,ops,system:authenticated] X509SHA256=ab12",
    },
    {
      title: "a certificate comes before a token",
      from: { clientCertificate: certificate, authorization: "Bearer wrong" },
      is: "alice [devs,ops,system:authenticated] X509SHA256=ab12",
    },
    {
      title: "a certificate without a common name says nothing",
      from: { clientCertificate: { ...certificate, commonName: "" } },
      is: "system:anonymous [system:unauthenticated]",
    },
    { title: "an untrusted certificate is refused", from: { clientCertificate: untrusted }, is: "refused" },
    {
      title: "an untrusted certificate does not stand in a token's way",
      from: { clientCertificate: untrusted, authorization: "Bearer reader-token" },
      is: "reader [readers,system:authenticated]",
    },
    {
      title: "a token may come with a WebSocket, beside another protocol",
      from: { webSocketProtocols: ["v1", offered("reader-token")] },
      is: "reader [readers,system:authenticated]",
    },
    {
      title: "a wrong token does not stand in the way of the WebSocket's",
      from: { authorization: "Bearer wrong", webSocketProtocols: [offered("reader-token"), ""] },
      is: "reader [readers,system:authenticated]",
    },
    {
      title: "a WebSocket's token may be empty, which is none",
      from: { webSocketProtocols: [offered(""), "v1"] },
      is: "system:anonymous [system:unauthenticated]",
    },
    {
      title: "a WebSocket's token needs another protocol beside it",
      from: { webSocketProtocols: [offered("reader-token")] },
      is: "refused",
    },
    {
      title: "a WebSocket has one token",
      from: { webSocketProtocols: [offered("reader-token"), offered("reader-token"), "v1"] },
      is: "refused",
    },
    {
      title: "a WebSocket's wrong token is refused",
      from: { webSocketProtocols: [offered("wrong"), "v1"] },
      is: "refused",
    },
    ...["!!!", "YWJjZA==", "a", "__4"].map((base64url) => ({
      title: `a WebSocket's token is the base64url of a text, which ${base64url} is not`,
      from: { webSocketProtocols: [`${tokenPrefix}${base64url}`, "v1"] },
      is: "refused",
    })),
  ];

for (const { title, from, is } of cases) {
  test(title, () => {
    const none = { authorization: undefined, webSocketProtocols: [], clientCertificate: undefined };
    const authentication = authenticate({ ...none, ...from });
    if (authentication.kind === "refused") return assert.equal(authentication.kind, is);
    const { name, groups, extra } = authentication.user;
    assert.equal([name, `[${groups.join(",")}]`, ...Object.values(extra).flat()].join(" "), is);
  });
}

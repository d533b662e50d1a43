/**
 * What is asked, as short as it can be said: `"GET leases/a?pretty=true"`. A path without a leading slash is one of the resources of the
 * case's namespace, and `{ns}` stands for that namespace wherever text is sent or expected.
 */
export interface Request {
  readonly method: string;
  /** With its query, as it goes over the wire. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array | undefined;
  /** Anonymous requests go over connections that carry no client certificate. */
  readonly isAnonymous: boolean;
}

/** What goes along with a request: at most one body, under the name of its media type. */
export interface Options {
  readonly json?: object;
  readonly yaml?: string;
  readonly protobuf?: Uint8Array;
  readonly merge?: object;
  readonly strategic?: object;
  readonly patch?: readonly object[];
  readonly apply?: object;
  /** A body to the letter; its media type is `type`, which may be absent from the request altogether. */
  readonly raw?: string | Uint8Array;
  /** Replaces the media type of the body. */
  readonly type?: string | undefined;
  /** `application/json` unless said. */
  readonly accept?: string | undefined;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Who asks: another user, impersonated; `nobody` has no credentials. The administrator of the kubeconfig unless said. */
  readonly as?: string;
}

export const mediaTypes = {
  json: "application/json",
  yaml: "application/yaml",
  protobuf: "application/vnd.kubernetes.protobuf",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  patch: "application/json-patch+json",
  apply: "application/apply-patch+yaml",
} as const;

/** Makes the request that a line and its options tell, for a namespace. */
export function tellRequest(line: string, options: Options, namespace: string): Request {
  const fill = (text: string): string => text.replaceAll("{ns}", namespace);
  const space = line.indexOf(" ");
  const path = fill(line.slice(space + 1));
  const { as } = options;
  const content = contentOf(options, fill);
  const type = "type" in options ? options.type : content?.type;
  const accept = "accept" in options ? options.accept : mediaTypes.json;
  return {
    method: line.slice(0, space),
    path: path.startsWith("/") ? path : resolvePath(path, namespace),
    headers: {
      ...(accept !== undefined && { accept }),
      ...(type !== undefined && { "content-type": type }),
      ...(as !== undefined && as !== "nobody" && { "impersonate-user": fill(as) }),
      ...options.headers,
    },
    body: content?.bytes,
    isAnonymous: as === "nobody",
  };
}

interface Content {
  readonly type: string | undefined;
  readonly bytes: Uint8Array;
}

function contentOf(options: Options, fill: (text: string) => string): Content | undefined {
  if (options.raw !== undefined) {
    const { raw } = options;
    return { type: undefined, bytes: typeof raw === "string" ? encode(fill(raw)) : raw };
  }
  if (options.yaml !== undefined) return { type: mediaTypes.yaml, bytes: encode(fill(options.yaml)) };
  if (options.protobuf !== undefined) return { type: mediaTypes.protobuf, bytes: options.protobuf };
  for (const name of ["json", "merge", "strategic", "patch", "apply"] as const) {
    const value = options[name];
    if (value !== undefined) return { type: mediaTypes[name], bytes: encode(fill(JSON.stringify(value))) };
  }
  return undefined;
}

const groupVersions = new Map([
  ["leases", "/apis/coordination.k8s.io/v1"],
  ["leasecandidates", "/apis/coordination.k8s.io/v1beta1"],
  ["roles", "/apis/rbac.authorization.k8s.io/v1"],
  ["rolebindings", "/apis/rbac.authorization.k8s.io/v1"],
]);

function resolvePath(path: string, namespace: string): string {
  const resource = /^[a-z]*/.exec(path)?.[0] ?? "";
  const groupVersion = groupVersions.get(resource);
  if (groupVersion === undefined) throw new Error(`no resource of a namespace is called ${resource}`);
  return `${groupVersion}/namespaces/${namespace}/${path}`;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

import { readFileSync } from "node:fs";
import { parse as parseYaml } from "yaml";
import { isObject } from "./wire/match.ts";
import type { Endpoint } from "./wire/transport.ts";

/** The server and the user of a kubeconfig's current context. Certificates and keys stand in it or in files that it names. */
export function readKubeconfig(path: string): Endpoint {
  const config: unknown = parseYaml(readFileSync(path, "utf8"));
  if (!isObject(config)) throw new Error(`${path} is no kubeconfig`);
  const context = named(config["contexts"], config["current-context"], "context");
  const cluster = named(config["clusters"], context["cluster"], "cluster");
  const user = named(config["users"], context["user"], "user");
  return {
    url: new URL(String(cluster["server"])),
    authority: pem(cluster, "certificate-authority"),
    token: typeof user["token"] === "string" ? user["token"] : undefined,
    certificate: pem(user, "client-certificate"),
    key: pem(user, "client-key"),
  };
}

type Members = Readonly<Record<string, unknown>>;

function named(list: unknown, name: unknown, kind: string): Members {
  const entries: readonly unknown[] = Array.isArray(list) ? list : [];
  const entry = entries.filter(isObject).find((candidate) => candidate["name"] === name);
  const value = entry?.[kind];
  if (!isObject(value)) throw new Error(`the kubeconfig has no ${kind} called ${String(name)}`);
  return value;
}

function pem(members: Members, name: string): string | undefined {
  const [data, file] = [members[`${name}-data`], members[name]];
  if (typeof data === "string") return Buffer.from(data, "base64").toString("utf8");
  return typeof file === "string" ? readFileSync(file, "utf8") : undefined;
}

import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { type JsonObject, type JsonValue, readYaml } from "@leasehold/api";

/**
 * The `tokenFile` of a user, which `@kubernetes/client-node` passes over; undefined where the user has none. Files that cannot be read
 * are that package's to complain about.
 */
export function kubeconfigTokenFile(files: readonly string[], user: string): string | undefined {
  for (const file of files) {
    const tokenFile = memberOf(memberOf(userIn(file, user), "user"), "tokenFile");
    if (typeof tokenFile === "string" && tokenFile !== "") return resolve(dirname(file), tokenFile);
  }
  return undefined;
}

/** The files that kubectl reads where none is named. */
export function usualKubeconfigs(): readonly string[] {
  const { KUBECONFIG = "" } = process.env;
  if (KUBECONFIG === "") return [join(homedir(), ".kube", "config")];
  return KUBECONFIG.split(delimiter).filter((file) => file !== "");
}

function userIn(file: string, name: string): JsonValue | undefined {
  const reading = readYaml(bytesOf(file));
  if (reading.kind === "malformed") return undefined;
  const users: readonly JsonValue[] = listOf(memberOf(reading.value, "users"));
  return users.find((user) => memberOf(user, "name") === name);
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch {
    return new Uint8Array();
  }
}

function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as JsonObject)[name] : undefined;
}

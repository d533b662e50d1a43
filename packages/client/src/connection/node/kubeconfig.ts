import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { type JsonObject, type JsonValue, readYaml } from "@leasehold/api";
import { SettingsError } from "../errors.ts";

/** Which kubeconfig. */
export interface KubeconfigSettings {
  /** A file; default: those of `KUBECONFIG`, else `~/.kube/config`. */
  readonly kubeconfig?: string | undefined;
  /** Default: its current context. */
  readonly context?: string | undefined;
}

/** What a kubeconfig's context leads to. */
export interface KubeconfigContext {
  readonly clusterName: string;
  readonly cluster: Section;
  readonly user: Section;
  readonly namespace: string | undefined;
}

/** A part of a file, e.g. what stands under `cluster:` of one of the clusters. */
export interface Section {
  text(name: string): string | undefined;
  flag(name: string): boolean;
  member(name: string): JsonValue | undefined;
  /** The path that a member names, which is relative to the file. */
  path(name: string): string | undefined;
}

/** The context that is meant, by kubectl's rules: of several files the first that names a thing counts. */
export function readKubeconfig(settings: KubeconfigSettings): KubeconfigContext {
  const files = kubeconfigFiles(settings).flatMap((file) => read(file, settings));
  const current = settings.context ?? first(files, ({ root }) => textOf(root["current-context"])) ?? "";
  const context = find(files, { list: "contexts", member: "context", name: current });
  const clusterName = context?.text("cluster") ?? "";
  const cluster = find(files, { list: "clusters", member: "cluster", name: clusterName });
  if (context === undefined || cluster === undefined) throw new SettingsError(unknownContext(files, current));
  const user = find(files, { list: "users", member: "user", name: context.text("user") ?? "" });
  return { clusterName, cluster, user: user ?? section({}, ""), namespace: context.text("namespace") };
}

/** The files that are read, whether or not they are there. */
export function kubeconfigFiles({ kubeconfig }: KubeconfigSettings = {}): readonly string[] {
  if (kubeconfig !== undefined) return [kubeconfig];
  const { KUBECONFIG = "" } = process.env;
  if (KUBECONFIG === "") return [join(homedir(), ".kube", "config")];
  return KUBECONFIG.split(delimiter).filter((file) => file !== "");
}

interface KubeconfigFile {
  readonly root: JsonObject;
  readonly folder: string;
}

/** Of the files that nobody named in particular, some may be missing. */
function read(file: string, { kubeconfig }: KubeconfigSettings): readonly KubeconfigFile[] {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const isAbsent = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (isAbsent && kubeconfig === undefined) return [];
    throw new SettingsError(`cannot read the kubeconfig: ${error instanceof Error ? error.message : file}`, {
      cause: error,
    });
  }
  const reading = readYaml(bytes);
  if (reading.kind === "malformed")
    throw new SettingsError(`cannot read the kubeconfig: ${file}: ${reading.message}`);
  return isObject(reading.value) ? [{ root: reading.value, folder: dirname(resolve(file)) }] : [];
}

interface Wanted {
  readonly list: "contexts" | "clusters" | "users";
  readonly member: string;
  readonly name: string;
}

function find(files: readonly KubeconfigFile[], { list, member, name }: Wanted): Section | undefined {
  return first(files, ({ root, folder }) => {
    const entry = listOf(root[list]).find((entry) => entry["name"] === name);
    const content = entry?.[member];
    return isObject(content) ? section(content, folder) : undefined;
  });
}

function section(content: JsonObject, folder: string): Section {
  const text = (name: string): string | undefined => textOf(content[name]);
  return {
    text,
    flag: (name) => content[name] === true,
    member: (name) => content[name],
    path(name) {
      const path = text(name);
      return path === undefined ? undefined : resolve(folder, path);
    },
  };
}

function unknownContext(files: readonly KubeconfigFile[], current: string): string {
  const names = files.flatMap(({ root }) =>
    listOf(root["contexts"]).flatMap(({ name }) => textOf(name) ?? []),
  );
  const known = names.length === 0 ? "it has none" : `it has ${names.join(", ")}`;
  return `the kubeconfig names no cluster for context ${JSON.stringify(current)}; ${known}`;
}

function first<T>(
  files: readonly KubeconfigFile[],
  look: (file: KubeconfigFile) => T | undefined,
): T | undefined {
  for (const file of files) {
    const found = look(file);
    if (found !== undefined) return found;
  }
  return undefined;
}

function listOf(value: JsonValue | undefined): readonly JsonObject[] {
  const items: readonly JsonValue[] = Array.isArray(value) ? (value as readonly JsonValue[]) : [];
  return items.filter((item) => isObject(item));
}

/** Empty means absent, as in Go. */
function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import { isIP } from "node:net";
import { hostname } from "node:os";
import type { Config } from "../config.ts";
import type { SubjectName } from "./issue.ts";

/**
 * The names under which a server of this configuration is reached: this machine's own, the address it listens on unless that
 * stands for all, and what the operator adds. No name twice.
 */
export function serverNames(config: Pick<Config, "listen" | "tlsSan">): readonly SubjectName[] {
  const { host } = config.listen;
  const texts = [
    "localhost",
    "127.0.0.1",
    "::1",
    ownName(),
    ...(isWildcard(host) ? [] : [host]),
    ...config.tlsSan,
  ];
  const names = texts.filter((text) => text !== "").map((text) => subjectName(text));
  return names.filter((name, index) => names.findIndex((other) => other.text === name.text) === index);
}

/** Addresses in their one canonical form and names in lower case, so that two ways to write one are one. */
export function subjectName(text: string): SubjectName {
  if (isIP(text) === 6) return { kind: "ip", text: new URL(`http://[${text}]`).hostname.slice(1, -1) };
  if (isIP(text) === 4) return { kind: "ip", text };
  return { kind: "dns", text: text.toLowerCase() };
}

/** Listening on it means listening on every address of the machine. */
export function isWildcard(host: string): boolean {
  return host === "0.0.0.0" || /^[0:]+$/.test(host);
}

/** A machine may have a name that no certificate can hold. */
function ownName(): string {
  const name = hostname();
  return /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(name) ? name : "";
}

import { isIP } from "node:net";
import type { Parsed } from "./flag.ts";

export function value<Value>(value: Value): Parsed<Value> {
  return { kind: "value", value };
}

export function needs(what: string): { readonly kind: "wrong"; readonly needs: string } {
  return { kind: "wrong", needs: what };
}

export function parseText(text: string): Parsed<string> {
  return text === "" ? needs("a value") : value(text);
}

export function parseWord<Word extends string>(words: readonly Word[]): (text: string) => Parsed<Word> {
  return (text) => {
    const word = words.find((candidate) => candidate === text);
    return word === undefined ? needs(`one of ${words.join(", ")}`) : value(word);
  };
}

/** A number of whole things, from `min` on. */
export function parseCount(min: number, max: number): (text: string) => Parsed<number> {
  return (text) => {
    const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return count >= min && count <= max ? value(count) : needs(`a whole number from ${min} to ${max}`);
  };
}

/** `15s`, `1m30s`, `500ms`; the value is in milliseconds. */
export function parseDuration(text: string): Parsed<number> {
  const match = /^(?:(\d{1,4})h)?(?:(\d{1,6})m)?(?:(\d{1,6}(?:\.\d{1,3})?)s)?(?:(\d{1,9})ms)?$/.exec(text);
  if (text === "" || match === null) return needs("a duration such as 15s, 1m30s or 500ms");
  const [hours, minutes, seconds, milliseconds] = match.slice(1).map((digits) => Number(digits ?? 0));
  const ms = (hours ?? 0) * 3_600_000 + (minutes ?? 0) * 60_000 + (seconds ?? 0) * 1000 + (milliseconds ?? 0);
  return value(Math.round(ms));
}

/** What a Lease can say: its duration is a whole number of seconds, at least one. The value is in milliseconds. */
export function parseLeaseDuration(text: string): Parsed<number> {
  const parsed = parseDuration(text);
  if (parsed.kind === "wrong") return parsed;
  const isWhole = parsed.value >= 1000 && parsed.value % 1000 === 0;
  return isWhole ? parsed : needs("whole seconds, at least 1s");
}

/** `127.0.0.1:7443`, `localhost:0`, `[::1]:7443`. */
export function parseAddress(text: string): Parsed<{ readonly host: string; readonly port: number }> {
  const match = /^(?:\[(?<ipv6>[^\]]*)\]|(?<name>[^:[\]/\s]+)):(?<port>\d{1,5})$/.exec(text);
  const { ipv6, name, port } = match?.groups ?? {};
  const host = ipv6 ?? name;
  if (host === undefined || Number(port) > 65_535 || (ipv6 !== undefined && isIP(ipv6) !== 6))
    return needs("HOST:PORT, such as 127.0.0.1:9090 or [::1]:9090");
  return value({ host, port: Number(port) });
}

export function parseBoolean(text: string): Parsed<boolean> {
  return text === "true" || text === "false" ? value(text === "true") : needs("true or false");
}

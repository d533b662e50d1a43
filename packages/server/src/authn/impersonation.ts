import { quote, statusErrors } from "@leasehold/api";
import type { User } from "./user.ts";

/** Headers as the listener gives them: names in lower case, repeated ones apart. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * The user that the Impersonate headers ask to be, as they say it, without the groups that would be added; undefined when they do not.
 * Refuses with a 400 what makes no user. Source: apiserver/pkg/endpoints/filters/impersonation.
 */
export function wantedUser(headers: Headers): User | undefined {
  if (!isAsked(headers)) return undefined;
  const name = valuesOf(headers, "impersonate-user")[0] ?? "";
  const uid = valuesOf(headers, "impersonate-uid")[0] ?? "";
  const groups = valuesOf(headers, "impersonate-group");
  const extra = extraOf(headers);
  if (name !== "") return { name, uid, groups, extra: extra ?? {} };
  if (uid === "" && groups.length === 0 && extra === undefined) return undefined;
  const asked = `&user.DefaultInfo{Name:"", UID:${quote(uid)}, Groups:${goTexts(groups)}, Extra:${goExtra(extra)}}`;
  throw statusErrors.badRequest(`requested ${asked} without impersonating a user name`);
}

/** Hardly any request has such a header, and all are looked at. */
function isAsked(headers: Headers): boolean {
  for (const header in headers) if (header.startsWith("impersonate-")) return true;
  return false;
}

const extraPrefix = "impersonate-extra-";

/** By key, which is escaped like a path in the header's name; undefined when there is none. */
function extraOf(headers: Headers): User["extra"] | undefined {
  const extra = new Map<string, readonly string[]>();
  for (const header of Object.keys(headers).toSorted()) {
    if (!header.startsWith(extraPrefix)) continue;
    const key = unescaped(header.slice(extraPrefix.length));
    extra.set(key, [...(extra.get(key) ?? []), ...valuesOf(headers, header)]);
  }
  return extra.size === 0 ? undefined : Object.fromEntries(extra);
}

/** A key that is badly escaped is taken as it stands, as kube-apiserver does. */
function unescaped(key: string): string {
  if (/%(?![0-9a-f]{2})/i.test(key)) return key;
  const bytes = key.replaceAll(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

/** Node shows the bytes of a header as characters; they are UTF-8. */
function valuesOf(headers: Headers, name: string): readonly string[] {
  const value = headers[name];
  if (value === undefined) return [];
  const values = typeof value === "string" ? [value] : value;
  return values.map((text) => Buffer.from(text, "latin1").toString("utf8"));
}

/** As Go's `%#v` prints a []string. */
function goTexts(texts: readonly string[]): string {
  return texts.length === 0 ? "[]string(nil)" : `[]string{${texts.map(quote).join(", ")}}`;
}

/** As Go's `%#v` prints a map[string][]string: sorted by key. */
function goExtra(extra: User["extra"] | undefined): string {
  if (extra === undefined) return "map[string][]string(nil)";
  const keys = Object.keys(extra).toSorted();
  return `map[string][]string{${keys.map((key) => `${quote(key)}:${goTexts(extra[key] ?? [])}`).join(", ")}}`;
}

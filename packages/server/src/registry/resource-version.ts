import { quote } from "@leasehold/api";
import type { Revision } from "../store/store.ts";

/** A resourceVersion from outside: a number, or what Go's strconv says against it. */
export type ParsedVersion =
  | { readonly kind: "version"; readonly revision: Revision }
  | {
      readonly kind: "malformed";
      /** What is said of it as an option of a request. */
      readonly message: string;
      /** Go's words alone: what is said of it in an object. */
      readonly problem: string;
    };

/** Empty means 0, as in kube-apiserver. What is larger than any revision can be stays larger than all of them. */
export function parseResourceVersion(text: string): ParsedVersion {
  if (text === "") return { kind: "version", revision: 0 };
  if (!/^[0-9]+$/.test(text)) return malformed(text, "invalid syntax");
  if (BigInt(text) > largestUint64) return malformed(text, "value out of range");
  return { kind: "version", revision: Math.min(Number(text), Number.MAX_SAFE_INTEGER) };
}

const largestUint64 = 2n ** 64n - 1n;

function malformed(text: string, why: string): ParsedVersion {
  const quoted = quote(text);
  const problem = `strconv.ParseUint: parsing ${quoted}: ${why}`;
  return { kind: "malformed", message: `resourceVersion: Invalid value: ${quoted}: ${problem}`, problem };
}

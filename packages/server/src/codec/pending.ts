import { statusErrors } from "@leasehold/api";
export function jsonToYaml(json: string): string {
  return json;
}
export function prettyJson(json: string): string {
  return JSON.stringify(JSON.parse(json), undefined, 2);
}
export function parseApplyBody(
  bytes: Uint8Array,
  _fieldValidation: string,
): { value: unknown; warnings: readonly string[] } {
  return { value: JSON.parse(Buffer.from(bytes).toString()), warnings: [] };
}
export function decodeDeleteOptions({ bytes }: { bytes: Uint8Array; mediaType: string }): {
  preconditions?: { uid?: string };
  propagationPolicy?: string;
  orphanDependents?: boolean;
  dryRun?: string[];
} {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    throw statusErrors.badRequest("pending");
  }
}

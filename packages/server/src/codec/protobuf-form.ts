import { statusErrors } from "@leasehold/api";
import type { Content } from "./content.ts";
import type { OutputForm } from "./negotiate.ts";

export function protobufForm(content: Content, form: OutputForm): Uint8Array {
  throw statusErrors.notAcceptable(`no protobuf yet for ${content.kind} as ${form.kind}`);
}

import { statusErrors } from "@leasehold/api";
import type { Content } from "./content.ts";
import type { OutputForm } from "./negotiate.ts";

export function protobufEvent(type: string, content: Content, form: OutputForm): Uint8Array {
  throw statusErrors.notAcceptable(`no protobuf yet for ${type} ${content.kind} as ${form.kind}`);
}

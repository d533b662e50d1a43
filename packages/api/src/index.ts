export type { ApiObject, Kind } from "./kind.ts";
export { apiVersionOf } from "./kind.ts";
export { StatusError } from "./status-error.ts";

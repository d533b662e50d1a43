import { isWildcard } from "./server-names.ts";

/** Where clients on this machine find a server that listens there: an address that stands for all is reached on loopback. */
export function serverUrl(address: { readonly host: string; readonly port: number }): string {
  const host = isWildcard(address.host) ? "127.0.0.1" : address.host;
  return `https://${host.includes(":") ? `[${host}]` : host}:${address.port}`;
}

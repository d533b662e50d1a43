import type { Clock } from "../../clock.ts";
import { SettingsError } from "../errors.ts";
import type { Credentials, Endpoint, TlsMaterial } from "./endpoint.ts";
import { fileToken } from "./token-file.ts";

export interface UrlSettings {
  /** `https://host:port`, perhaps with a path below which the API stands; `http:` for a proxy on this machine. */
  readonly url: string;
  /** PEM; the authorities that may have signed the server's certificate. Default: those that Node trusts. */
  readonly ca?: string | undefined;
  /** A bearer token, or what returns the present one: it is asked before each request. */
  readonly token?: string | (() => string | Promise<string>) | undefined;
  /** A file that holds the token; it is read anew every minute, and when the server refuses the token. */
  readonly tokenFile?: string | undefined;
  /** PEM, both or neither. */
  readonly clientCertificate?: string | undefined;
  readonly clientKey?: string | undefined;
  /** The name that the server's certificate must have, where it is not the URL's host. */
  readonly serverName?: string | undefined;
  /** Takes any certificate. For experiments: whoever is on the way reads and writes along. */
  readonly insecureSkipTlsVerify?: boolean | undefined;
}

export function urlEndpoint(settings: UrlSettings, clock: Clock): Endpoint {
  const url = parsedUrl(settings.url);
  if ((settings.clientCertificate === undefined) !== (settings.clientKey === undefined))
    throw new SettingsError("a client certificate needs its key, and a key its certificate");
  if (settings.token !== undefined && settings.tokenFile !== undefined)
    throw new SettingsError("token and tokenFile exclude each other");
  const tls = tlsOf(settings);
  const file = settings.tokenFile === undefined ? undefined : fileToken(settings.tokenFile, clock);
  const token = file?.read ?? settings.token;
  return {
    url,
    async credentials(): Promise<Credentials> {
      const present = typeof token === "function" ? await token() : token;
      return { headers: present === undefined ? {} : { authorization: `Bearer ${present}` }, tls };
    },
    refused: () => file?.forget(),
  };
}

export function parsedUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new SettingsError(`${JSON.stringify(text)} is not the URL of a server: https://host:port is`);
  return url;
}

function tlsOf(settings: UrlSettings): TlsMaterial {
  const { ca, clientCertificate, clientKey, serverName, insecureSkipTlsVerify } = settings;
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(clientCertificate === undefined ? {} : { cert: clientCertificate }),
    ...(clientKey === undefined ? {} : { key: clientKey }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(insecureSkipTlsVerify === true ? { rejectUnauthorized: false } : {}),
  };
}

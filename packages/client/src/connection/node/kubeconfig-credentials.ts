import type { Credentials, TlsMaterial } from "./endpoint.ts";
import type { Section } from "./kubeconfig.ts";
import { textOfFile } from "./token-file.ts";

export interface CredentialSections {
  readonly cluster: Section;
  readonly user: Section;
  /** Of the user's `tokenFile`, where there is one: it comes before `token`. */
  readonly token: (() => Promise<string>) | undefined;
}

/** What stands in a kubeconfig and in the files that it names, as they are now. Rejects with a SettingsError if one cannot be read. */
export async function kubeconfigCredentials(sections: CredentialSections): Promise<Credentials> {
  const { user } = sections;
  const authorization = await authorizationOf(sections);
  return {
    headers: {
      ...(authorization === undefined ? {} : { authorization }),
      ...impersonationOf(user),
    },
    tls: await tlsOf(sections),
  };
}

async function authorizationOf({ user, token }: CredentialSections): Promise<string | undefined> {
  const bearer = token === undefined ? user.text("token") : await token();
  if (bearer !== undefined) return `Bearer ${bearer}`;
  const name = user.text("username");
  const encoded = Buffer.from(`${name}:${user.text("password") ?? ""}`).toString("base64");
  return name === undefined ? undefined : `Basic ${encoded}`;
}

async function tlsOf({ cluster, user }: CredentialSections): Promise<TlsMaterial> {
  const ca = await pemOf(cluster, "certificate-authority");
  const cert = await pemOf(user, "client-certificate");
  const key = await pemOf(user, "client-key");
  const servername = cluster.text("tls-server-name");
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(servername === undefined ? {} : { servername }),
    ...(cluster.flag("insecure-skip-tls-verify") ? { rejectUnauthorized: false } : {}),
  };
}

/** As data or in a file; data comes first, as with kubectl. */
async function pemOf(section: Section, name: string): Promise<string | undefined> {
  const data = section.text(`${name}-data`);
  if (data !== undefined) return Buffer.from(data, "base64").toString("utf8");
  const path = section.path(name);
  return path === undefined ? undefined : textOfFile(path);
}

function impersonationOf(user: Section): Readonly<Record<string, string>> {
  const [name, uid] = [user.text("as"), user.text("as-uid")];
  return {
    ...(name === undefined ? {} : { "impersonate-user": name }),
    ...(uid === undefined ? {} : { "impersonate-uid": uid }),
  };
}

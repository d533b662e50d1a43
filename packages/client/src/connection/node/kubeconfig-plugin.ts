import type { KubeConfig } from "@kubernetes/client-node";
import type { RequestOptions } from "node:https";
import { SettingsError } from "../errors.ts";
import type { Credentials, Endpoint, TlsMaterial } from "./endpoint.ts";
import type { KubeconfigSettings, Section } from "./kubeconfig.ts";

/** Whether somebody else makes the user's credentials: a program, or one of the built-in providers. */
export function isPluginUser(user: Section): boolean {
  return user.member("exec") !== undefined || user.member("auth-provider") !== undefined;
}

/** Such a user's credentials, by `@kubernetes/client-node`. Rejects with a SettingsError that says what to install. */
export async function kubeconfigPlugin(
  settings: KubeconfigSettings,
): Promise<Required<Pick<Endpoint, "credentials" | "refused">>> {
  const load = await loaderOf(settings);
  let config = load();
  return {
    credentials: () => credentialsOf(config),
    refused() {
      // It remembers a token until that expires; this one was withdrawn before.
      config = load();
    },
  };
}

async function loaderOf({ kubeconfig, context }: KubeconfigSettings): Promise<() => KubeConfig> {
  const { KubeConfig } = await import("@kubernetes/client-node").catch((error: unknown) => {
    throw new SettingsError(
      "this user of the kubeconfig needs a package that is not installed: npm install @kubernetes/client-node",
      { cause: error },
    );
  });
  return () => {
    const config = new KubeConfig();
    try {
      if (kubeconfig === undefined) config.loadFromDefault();
      else config.loadFromFile(kubeconfig);
    } catch (error) {
      throw unavailable("cannot read the kubeconfig", error);
    }
    if (context !== undefined) config.setCurrentContext(context);
    return config;
  };
}

async function credentialsOf(config: KubeConfig): Promise<Credentials> {
  const options: RequestOptions = { headers: {} };
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    throw unavailable("the kubeconfig's credentials cannot be had", error);
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {}))
    headers[name.toLowerCase()] = String(value);
  return { headers, tls: tlsOf(options) };
}

function unavailable(what: string, error: unknown): SettingsError {
  return new SettingsError(`${what}: ${error instanceof Error ? error.message : String(error)}`, {
    cause: error,
  });
}

function tlsOf({ ca, cert, key, servername, rejectUnauthorized }: RequestOptions): TlsMaterial {
  return {
    ...textual({ ca, cert, key }),
    ...(servername === undefined ? {} : { servername }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  };
}

/** Files and data come as bytes, a program's certificates as text. */
function textual(members: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(members)) {
    if (typeof value === "string") texts[name] = value;
    if (Buffer.isBuffer(value)) texts[name] = value.toString("utf8");
  }
  return texts;
}

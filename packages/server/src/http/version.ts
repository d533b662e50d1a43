import type { MessageTable } from "@leasehold/api";
import { mediaTypeNames } from "../codec/negotiate.ts";
import { indentedJson } from "./respond.ts";
import type { DocumentRoute } from "./route.ts";

/** The release of Kubernetes whose wire this server speaks, which clients read to learn what they may ask for. */
export const kubernetesVersion = { major: "1", minor: "36", patch: "3" } as const;

/** `/version`, in the shape of `k8s.io/apimachinery/pkg/version.Info`. `leaseholdVersion` as in package.json. */
export function versionRoute(leaseholdVersion: string): DocumentRoute {
  const { major, minor, patch } = kubernetesVersion;
  const body = indentedJson({
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Number(minor) - 1),
    // What follows the plus is build metadata: clients that compare versions pass over it, people see whom they talk to.
    gitVersion: `v${major}.${minor}.${patch}+leasehold-${leaseholdVersion}`,
    gitCommit: "",
    gitTreeState: "",
    buildDate: "1970-01-01T00:00:00Z",
    goVersion: `node${process.versions.node}`,
    compiler: `v8-${process.versions.v8}`,
    platform: `${process.platform}/${goArchitectures.get(process.arch) ?? process.arch}`,
  });
  const answer = { status: 200, headers: { "Content-Type": mediaTypeNames.json }, body };
  return { path: "/version", answer: () => answer, mediaTypes: [mediaTypeNames.json] };
}

/** Go's names of processors, where Node has others: clients may know them. */
const goArchitectures: ReadonlyMap<string, string> = new Map([
  ["x64", "amd64"],
  ["ia32", "386"],
]);

/** The shape of the above, for OpenAPI; it has no form but JSON, so that its numbers mean nothing. */
export const versionInfoTable: MessageTable = {
  name: "Info",
  package: "io.k8s.apimachinery.pkg.version",
  description: "The version of the server.",
  fields: [
    ...[
      "major",
      "minor",
      "gitVersion",
      "gitCommit",
      "gitTreeState",
      "buildDate",
      "goVersion",
      "compiler",
      "platform",
    ].map(
      (name, index) =>
        ({
          name,
          number: index + 1,
          type: "string",
          presence: "always",
          required: true,
          description: "",
        }) as const,
    ),
    ...["emulationMajor", "emulationMinor", "minCompatibilityMajor", "minCompatibilityMinor"].map(
      (name, index) =>
        ({ name, number: index + 10, type: "string", presence: "value", description: "" }) as const,
    ),
  ],
};

import { message } from "../schema.ts";

/**
 * What an authenticator says of a user beside name, uid and groups: some values under a key of its own. `packageName` is the
 * API that the type is listed under, since two APIs have one each.
 */
export function extraValueIn<const P extends string>(packageName: P) {
  return message({
    name: "ExtraValue",
    package: packageName,
    description: "Some values under one key.",
    bareList: true,
    fields: [
      {
        name: "items",
        number: 1,
        type: "string",
        container: "list",
        presence: "value",
        description: "The values.",
      },
    ],
  });
}

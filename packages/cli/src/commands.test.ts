import assert from "node:assert/strict";
import { test } from "node:test";
import { commands } from "./commands.ts";

test("each row loads the command that it names", async () => {
  for (const { name, load } of commands) assert.equal((await load()).name, name);
});

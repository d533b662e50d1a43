import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { linesOf } from "./lines.ts";

test("lines are the same however the stream was cut", async () => {
  const text = fc.array(fc.stringMatching(/^[^\n]{1,20}$/), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(12)), async (lines, cuts) => {
      const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
      const found = await Array.fromAsync(linesOf(cutInto(bytes, cuts)), (line) =>
        new TextDecoder().decode(line),
      );
      assert.deepEqual(found, lines);
    }),
  );
});

test("a line that the end cut off is left out", async () => {
  const bytes = new TextEncoder().encode("whole\nhal");
  assert.equal((await Array.fromAsync(linesOf(cutInto(bytes, [])))).length, 1);
});

async function* cutInto(
  bytes: Uint8Array,
  sizes: readonly number[],
): AsyncGenerator<Uint8Array, void, undefined> {
  let rest = bytes;
  for (const size of sizes) {
    yield rest.subarray(0, size);
    rest = rest.subarray(size);
  }
  yield rest;
}

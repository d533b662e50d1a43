import { test } from "node:test";
import { systemClock } from "../../clock.ts";
import { storeCases } from "../conformance/store-cases.ts";
import { openMemoryStore } from "./memory-store.ts";

for (const { name, run } of storeCases)
  test(name, async () => {
    const store = openMemoryStore({ clock: systemClock });
    await run({ store });
    await store.close();
  });

import { test } from "node:test";
import { systemClock } from "../../clock.ts";
import { storeCases } from "../conformance/store-cases.ts";
import { openMemoryStore } from "./memory-store.ts";

for (const storeCase of storeCases)
  test(storeCase.name, async () => {
    const store = openMemoryStore({ clock: systemClock });
    await storeCase.run({ store });
    await store.close();
  });

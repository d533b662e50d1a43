import { momentOf, timeText } from "@leasehold/api";

/** Kubernetes' MicroTime as leases have it (`2006-01-02T15:04:05.000000Z`), from milliseconds since 1970 UTC. Exact to the microsecond. */
export function microTime(epochMs: number): string {
  const micros = Math.round(epochMs * 1000);
  const seconds = Math.floor(micros / 1_000_000);
  return timeText("microTime", { seconds, nanos: (micros - seconds * 1_000_000) * 1000 });
}

/** Milliseconds since 1970 UTC, with three decimals: `microTime` gives the same text back. Takes texts as the client reads them. */
export function epochMsOf(microTime: string): number {
  const { seconds, nanos } = momentOf(microTime);
  return (seconds * 1_000_000 + Math.floor(nanos / 1000)) / 1000;
}

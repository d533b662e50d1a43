/**
 * Whether a member answers a request for progress behind all events that it vouches for. Before 3.4.31 and 3.5.13 the answer could
 * overtake them (https://github.com/etcd-io/etcd/issues/15220).
 */
export function ordersProgress(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.\-+]/).map(Number);
  if (major !== 3) return major > 3;
  if (minor === 4) return patch >= 31;
  if (minor === 5) return patch >= 13;
  return minor > 5;
}

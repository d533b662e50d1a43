/** Who a request comes from, as kube-apiserver's user.Info has it. */
export interface User {
  readonly name: string;
  /** Empty when whoever vouches for the user gives none. */
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** Everybody who proved who they are. */
export const authenticatedGroup = "system:authenticated";
/** Everybody who did not try. */
export const unauthenticatedGroup = "system:unauthenticated";
export const anonymousName = "system:anonymous";

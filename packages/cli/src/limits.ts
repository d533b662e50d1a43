/** Every bound of the commands, each with its reason; units and bounds stand last in the name. */
export const limits = {
  /** Slots of one `run`: a waiting one has a watch on each, and a thousand candidates of a hundred slots are a hundred thousand watches. */
  slotsMax: 100,
  /** How often `who` looks at a lease: renewals come every few seconds, and a read costs the server little. */
  whoLookEveryMs: 500,
  /** How often `watch` lists leases that it may not watch: as often as client-go's candidates look. */
  pollEveryMs: 2000,
  /** How often somebody looks whether a group of processes is gone: a hand-over waits this much longer at most. */
  groupLookEveryMs: 20,
  /**
   * The guard sends SIGTERM this much later than the supervisor is due to: a supervisor that runs has done it, and its command is not
   * told twice.
   */
  guardLagMs: 100,
  /** A process that lives so long after SIGKILL does not die of it; those that can take a few milliseconds. */
  killWithinMs: 1000,
  /** A guard answers within a millisecond; a machine that is too busy for this had better not lead. */
  guardAnswersWithinMs: 5000,
  /** How often the guard looks at the clock at least: timers stand still while a machine sleeps, and what has passed meanwhile counts. */
  guardLookEveryMs: 1000,
  /** A line between supervisor and guard; they are some forty characters. */
  guardLineCharactersMax: 200,
} as const;

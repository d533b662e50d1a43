import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";
import type { Bell } from "./bell.ts";
import type { Durations } from "./durations.ts";
import type { ElectionObserver } from "./election-event.ts";
import type { LeaseFollower } from "./follow-lease.ts";
import type { LeaseView } from "./lease-view.ts";
import type { LeaseAccess } from "./object-access.ts";
import type { OwnWrites } from "./own-writes.ts";

/** What a campaign and its terms share. */
export interface CampaignParts {
  readonly lease: LeaseAccess;
  readonly identity: string;
  readonly durations: Durations;
  readonly clock: Clock;
  readonly random: Random;
  readonly view: LeaseView;
  readonly own: OwnWrites;
  readonly follower: LeaseFollower;
  /** Rings whenever the view changes. */
  readonly bell: Bell;
  readonly emit: ElectionObserver;
}

/**
 * What a step waits for, and how a lost answer is reconciled: a question about the world, as data. `needs` says which
 * facts decide it; `judge` is pure. One closed union, so that a plan can be stored, shown and judged again after a crash.
 */
export type Condition =
  /** The tags are on the instance. */
  | { readonly is: 'tagged'; readonly instanceId: string; readonly tags: Readonly<Record<string, string>> }
  /** The instance has left the group and all its target groups (draining over); desired capacity is what it was. */
  | { readonly is: 'out-of-group'; readonly groupName: string; readonly instanceId: string; readonly desired?: number }
  /** As above, but draining may go on: decides whether a detach that lost its answer has landed. */
  | { readonly is: 'detached'; readonly groupName: string; readonly instanceId: string }
  /** A member that was not there before serves: InService, and healthy in every target group of the group. */
  | { readonly is: 'replaced'; readonly groupName: string; readonly membersBefore: readonly string[]; readonly needed: number }
  /** Each of the volumes has a snapshot with the run's tag, in any state but `error`. */
  | { readonly is: 'snapshots-started'; readonly runId: string; readonly volumeIds: readonly string[] }
  | { readonly is: 'snapshots-completed'; readonly runId: string; readonly volumeIds: readonly string[] }
  | { readonly is: 'terminated'; readonly instanceId: string }
  /** All of the processes are suspended and no scaling activity is running. */
  | { readonly is: 'suspended'; readonly groupName: string; readonly processes: readonly string[] }
  | { readonly is: 'not-suspended'; readonly groupName: string; readonly processes: readonly string[] }
  | { readonly is: 'protected'; readonly groupName: string; readonly instanceId: string; readonly value: boolean }
  | {
      readonly is: 'sized';
      readonly groupName: string;
      readonly minSize?: number;
      readonly maxSize?: number;
      readonly desired?: number;
    }
  /** All are in Standby; desired capacity fell to `desired`; the survivor is InService and healthy everywhere. */
  | {
      readonly is: 'in-standby';
      readonly groupName: string;
      readonly instanceIds: readonly string[];
      readonly desired: number;
      readonly survivorId: string;
    }
  /** The instance is a member again, in any state but on its way out. */
  | { readonly is: 'attached'; readonly groupName: string; readonly instanceId: string }
  /** All are on their way into Standby or there: decides whether an EnterStandby that lost its answer has landed. */
  | { readonly is: 'entering-standby'; readonly groupName: string; readonly instanceIds: readonly string[] }
  /** None of the members that are left is in Standby any more: decides whether an ExitStandby has landed. */
  | { readonly is: 'left-standby'; readonly groupName: string; readonly instanceIds: readonly string[] }
  /** All are members, InService, and (if asked) healthy in every target group. */
  | { readonly is: 'in-service'; readonly groupName: string; readonly instanceIds: readonly string[]; readonly healthy: boolean }
  /** The instance is no member any more and EC2 says shutting-down or terminated. */
  | { readonly is: 'gone-from-group'; readonly groupName: string; readonly instanceId: string };

/** `never` is a condition that cannot come true any more: a snapshot in `error`, an instance that is gone. */
export type Judgement =
  | { readonly status: 'yes'; readonly found: string; readonly seen?: Readonly<Record<string, string>> }
  | { readonly status: 'not-yet'; readonly found: string }
  | { readonly status: 'never'; readonly found: string };

export type Wait = {
  readonly until: Condition;
  readonly pollSeconds: number;
  readonly pollSecondsMax: number;
  readonly deadlineSeconds: number;
};

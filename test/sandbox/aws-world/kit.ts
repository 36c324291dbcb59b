import type * as AutoScaling from '@aws-sdk/client-auto-scaling';
import { AwsError, type CallContext, type Operation } from '../../../sandbox/aws/operation.ts';
import { createShopWorld, type ShopOptions, type ShopWorld } from '../../../sandbox/aws/world/fixtures/shop.ts';
import type { Group, Member } from '../../../sandbox/aws/world/state/group.ts';
import type { World } from '../../../sandbox/aws/world/world.ts';
import { createManualClock, type ManualClock } from '../../../src/adapters/clock.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

export const CALLER_ARN = 'arn:aws:sts::111122223333:assumed-role/firebreak-fix/inc-0042-U1';

/** Inputs by operation: each command class of the client knows its own. */
type Inputs = {
  readonly [K in keyof typeof AutoScaling as K extends `${infer Name}Command`
    ? Name
    : never]: (typeof AutoScaling)[K] extends new (...given: never[]) => { readonly input: infer I } ? I : never;
};

/** One operation of Auto Scaling, past wire and IAM. */
export const autoscaling = <Name extends keyof Inputs>(world: World, name: Name, input: Inputs[Name]): unknown =>
  call(world, 'autoscaling', name, input);

export const call = (world: World, service: string, name: string, input: unknown): unknown => {
  const operation = world.operations[service]?.[name] as Operation<unknown> | undefined;
  if (operation === undefined) throw new Error(`${service} has no operation ${name}.`);
  const context: CallContext = {
    caller: { accountId: '111122223333', arn: CALLER_ARN, accessKeyId: 'ASIAFIREBREAK0000001' },
    region: 'eu-west-3',
    requestId: 'request-1',
    now: world.state.now,
  };
  operation.authorize(input, context);
  return operation.run(input, context);
};

/** How a call was refused: `ValidationError: …`. */
export const refusalOf = (attempt: () => unknown): string => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error('The call succeeded.');
};

export type Stage = {
  readonly world: ShopWorld;
  readonly clock: ManualClock;
  readonly group: () => Group;
  readonly member: (instanceId: string) => Member | undefined;
  /** `InService InService Pending`, in the group's order. */
  readonly states: () => string;
  /** Target states of the shop by instance; absent: not registered. */
  readonly target: (instanceId: string) => string | undefined;
  readonly wait: (milliseconds: number) => void;
  /** Waits, second by second, until something is so; throws when it takes too long. Answers how long it took. */
  readonly until: (happened: () => boolean, within?: number) => number;
  /** The distinct statuses that users get now. */
  readonly statuses: () => readonly number[];
  readonly describe: () => AutoScaling.AutoScalingGroup;
};

export const stageShop = (options: Omit<ShopOptions, 'clock'> = {}): Stage => {
  const clock = createManualClock();
  const world = createShopWorld({ clock, ...options });
  const { shop, state } = world;
  const settled = <T>(look: () => T): T => {
    world.settle();
    return look();
  };
  const group = (): Group => settled(() => state.groups.find((one) => one.name === shop.groupName)!);
  const wait = (milliseconds: number): void => {
    clock.advance(milliseconds);
    world.settle();
  };
  return {
    world,
    clock,
    group,
    member: (id) => group().members.find((one) => one.instanceId === id),
    states: () =>
      group()
        .members.map((one) => one.state)
        .join(' '),
    target: (id) =>
      settled(
        () => state.targetGroups.find((one) => one.arn === shop.targetGroupArn)!.targets.find((one) => one.id === id)?.state,
      ),
    wait,
    until: (happened, within = 20 * MINUTE) => {
      for (let waited = 0; waited <= within; waited += SECOND) {
        if (settled(happened)) return waited;
        wait(SECOND);
      }
      throw new Error(`It did not happen within ${within / SECOND} s.`);
    },
    statuses: () => [...new Set(world.users.possible(shop.url).map((reply) => reply.status))].sort((a, b) => a - b),
    describe: () => {
      const answer = autoscaling(world, 'DescribeAutoScalingGroups', { AutoScalingGroupNames: [shop.groupName] });
      return (answer as AutoScaling.DescribeAutoScalingGroupsCommandOutput).AutoScalingGroups![0]!;
    },
  };
};

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shopIn } from '../../../sandbox/aws/world/fixtures/shop.ts';
import type { WorldState } from '../../../sandbox/aws/world/state/state.ts';
import { createWorld } from '../../../sandbox/aws/world/world.ts';
import { createManualClock } from '../../../src/adapters/clock.ts';
import { autoscaling, MINUTE, SECOND, type Stage, stageShop } from './kit.ts';

/** A quarter of an hour in which something happens. */
const sickThenDetached = (): Stage => {
  const stage = stageShop({ trouble: 'oneServes502' });
  const [sick] = stage.world.shop.instanceIds();
  autoscaling(stage.world, 'DetachInstances', {
    AutoScalingGroupName: 'shop-web',
    InstanceIds: [sick!],
    ShouldDecrementDesiredCapacity: false,
  });
  return stage;
};

describe('the world in time', () => {
  it('is the same world, id for id, from the same seed', () => {
    expect(stageShop({ seed: 7 }).world.snapshot()).toBe(stageShop({ seed: 7 }).world.snapshot());
  });

  it('is another world from another seed', () => {
    expect(stageShop({ seed: 7 }).world.shop.instanceIds()).not.toEqual(stageShop({ seed: 8 }).world.shop.instanceIds());
  });

  it('goes on from a snapshot taken in the middle of a replacement as if it had never been put away', () => {
    const stage = sickThenDetached();
    stage.wait(10 * SECOND);
    expect(stage.states()).toBe('Detaching InService InService Pending');
    const kept = JSON.parse(stage.world.snapshot()) as WorldState;
    const clock = createManualClock(stage.clock.now());
    const restored = createWorld({ clock, state: kept });

    stage.wait(10 * MINUTE);
    clock.advance(10 * MINUTE);
    expect(restored.snapshot() === stage.world.snapshot()).toBe(true);
    expect(shopIn(restored).instanceIds()).toHaveLength(3);
  });

  it('does not touch the state it was restored from', () => {
    const stage = sickThenDetached();
    const kept = JSON.parse(stage.world.snapshot()) as WorldState;
    const before = JSON.stringify(kept);
    const clock = createManualClock(stage.clock.now());
    const restored = createWorld({ clock, state: kept });
    clock.advance(MINUTE);
    expect(restored.snapshot()).not.toBe(before);
    expect(JSON.stringify(kept)).toBe(before);
  });

  // Health checks that cannot find anything new are skipped: whoever looks more often must still see the same world.
  it('comes out the same however often it is looked at on the way', () => {
    const atOnce = sickThenDetached();
    atOnce.wait(15 * MINUTE);
    const expected = atOnce.world.snapshot();
    const looks = fc.array(fc.integer({ min: 1, max: 90 * SECOND }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(looks, (steps) => {
        const stage = sickThenDetached();
        let left = 15 * MINUTE;
        for (const step of steps) {
          const next = Math.min(left, step);
          stage.wait(next);
          left -= next;
        }
        stage.wait(left);
        expect(stage.world.snapshot() === expected).toBe(true);
      }),
      { numRuns: 25, seed: 42 },
    );
  });

  it('never goes back when the clock does', () => {
    const stage = stageShop();
    const before = stage.world.state.now;
    const behind = createWorld({ clock: createManualClock(before - MINUTE), state: stage.world.state });
    behind.settle();
    expect(behind.state.now).toBe(before);
  });
});

/** Every fault, seen through the wire, the unmodified SDK and the read role as deployed, ends on the right item of the checklist. */
import { describe, expect, test } from 'vitest';
import { TROUBLE_NAMES } from '../../sandbox/aws/world/change/troubles.ts';
import { FAULT_CASES, runCase, tableOf } from '../../sandbox/faults-table.ts';
import { openProbeAccount } from '../../sandbox/probe-account.ts';

const titled = FAULT_CASES.map((fault) => ({ title: fault.fault ?? 'a healthy service', fault }));

test('there is a row for every fault that can be injected', () => {
  expect(FAULT_CASES.flatMap(({ fault }) => fault ?? []).toSorted()).toEqual([...TROUBLE_NAMES].toSorted());
});

test.each(titled)('$title: exactly what is expected fails, and names the resource', async ({ fault }) => {
  expect((await runCase(fault)).wrong).toEqual([]);
});

test('a row that is not as expected says so', async () => {
  const fault = { fault: 'processDown', found: { by: 'routes', names: () => ['rtb-1'] } } as const;
  const result = await runCase(fault);
  expect(result.wrong).toEqual([
    expect.stringContaining('load-balancer-and-instances is fail, not pass'),
    expect.stringContaining('routes is pass, not fail'),
    expect.stringContaining('routes does not name rtb-1'),
  ]);
  expect(tableOf([{ fault, result }])).toContain('NOT AS EXPECTED: routes is pass, not fail');
});

describe('in an account with 200 targets, 60 groups and 20 ACLs', () => {
  const large = titled.filter(({ fault }) =>
    ([undefined, 'processDown', 'ephemeralClosed', 'scaledToZero'] as const).some((name) => name === fault.fault),
  );
  test.each(large)('$title: exactly what is expected fails', async ({ fault }) => {
    expect((await runCase(fault, { scale: true })).wrong).toEqual([]);
  });

  test('the number of calls grows by pages and groups, not with the targets', async () => {
    const callsWith = async (targets: number): Promise<number> => {
      const account = await openProbeAccount({ scale: { targets, groups: 60, acls: 20 } });
      const { calls } = await account.probe();
      await account.close();
      return calls.length;
    };
    const [few, many] = [await callsWith(20), await callsWith(200)];
    // Instances come 200, statuses 100 to a call.
    expect(many - few).toBeLessThanOrEqual(3);
  });
});

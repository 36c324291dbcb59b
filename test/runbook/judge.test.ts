import { describe, expect, it } from 'vitest';
import type { Condition, Judgement } from '../../src/runbook/condition.ts';
import { factKey } from '../../src/runbook/facts.ts';
import { judge, needsOf } from '../../src/runbook/judge.ts';
import { member, shop, target, targetGroup, type World } from '../runbooks/shop-facts.ts';

const G = { groupName: 'shop-web' };
const A = { ...G, instanceId: 'i-0a1' };
const snapshot = (volumeId: string, state = 'completed', over = {}) => ({
  id: `snap-${volumeId.slice(4)}`,
  volumeId,
  state,
  progressPercent: state === 'completed' ? 100 : 40,
  startedAt: '2026-03-02T14:05:00Z',
  ...over,
});
const VOLUMES = ['vol-1', 'vol-2'];
const tags = { 'firebreak:run': 'run-7' };
const started: Condition = { is: 'snapshots-started', runId: 'run-7', volumeIds: VOLUMES };
const completed: Condition = { is: 'snapshots-completed', runId: 'run-7', volumeIds: VOLUMES };
const replaced: Condition = { is: 'replaced', ...G, membersBefore: ['i-0a1', 'i-0b2', 'i-0c3'], needed: 1 };
const parked: Condition = { is: 'in-standby', ...G, instanceIds: ['i-0a1'], desired: 2, survivorId: 'i-0b2' };

const out =
  (change: (world: World) => void = () => {}) =>
  (w: World) => {
    w.group!.members.shift();
    w.targetGroups[0]!.targets.shift();
    change(w);
  };
const inStandby =
  (change: (world: World) => void = () => {}) =>
  (w: World) => {
    w.group!.members[0]!.lifecycleState = 'Standby';
    w.group!.desired = 2;
    change(w);
  };
const newcomer = (state: string, health?: string) =>
  out((w) => {
    w.group!.members.push(member('i-0d4', { lifecycleState: state }));
    if (health !== undefined) w.targetGroups[0]!.targets.push(target('i-0d4', health));
  });
const nothing = () => {};
const groupGone = (w: World) => {
  w.group = undefined;
};

type Row = [
  what: string,
  condition: Condition,
  change: (world: World) => void,
  status: Judgement['status'],
  found: string,
  more?: object,
];
const rows: Row[] = [
  [
    'tagged',
    { is: 'tagged', instanceId: 'i-0a1', tags },
    (w) => {
      w.instance!.tags = { ...tags };
    },
    'yes',
    'carries the tags',
  ],
  ['not tagged', { is: 'tagged', instanceId: 'i-0a1', tags }, nothing, 'not-yet', 'does not carry firebreak:run'],
  [
    'tagged by another run',
    { is: 'tagged', instanceId: 'i-0a1', tags },
    (w) => {
      w.instance!.tags = { 'firebreak:run': 'run-6' };
    },
    'not-yet',
    'does not carry firebreak:run',
  ],
  [
    'gone before it was tagged',
    { is: 'tagged', instanceId: 'i-0a1', tags },
    (w) => {
      w.instance = undefined;
    },
    'never',
    'does not exist',
  ],

  ['detached', { is: 'detached', ...A }, out(), 'yes', 'i-0a1 is out of shop-web.'],
  ['still a member', { is: 'detached', ...A }, nothing, 'not-yet', 'i-0a1 is InService in shop-web'],
  [
    'being detached',
    { is: 'detached', ...A },
    (w) => {
      w.group!.members[0]!.lifecycleState = 'Detaching';
    },
    'yes',
    'out of shop-web',
  ],
  [
    'replaced by the group instead',
    { is: 'detached', ...A },
    (w) => {
      w.group!.members[0]!.lifecycleState = 'Terminating';
    },
    'never',
    'was ended before it was out',
  ],
  [
    'terminated instead',
    { is: 'detached', ...A },
    out((w) => {
      w.instance!.state = 'shutting-down';
    }),
    'never',
    'i-0a1 is shutting-down',
  ],
  ['detached from a group that is gone', { is: 'detached', ...A }, groupGone, 'never', 'There is no group shop-web'],

  [
    'out of group and target groups',
    { is: 'out-of-group', ...A, desired: 3 },
    out(),
    'yes',
    'out of shop-web and of its target groups; desired is 3',
  ],
  [
    'draining',
    { is: 'out-of-group', ...A },
    out((w) => {
      w.targetGroups[0]!.targets.push(target('i-0a1', 'draining'));
    }),
    'not-yet',
    'i-0a1 is draining in shop-web',
  ],
  [
    'in a target group that is not the group’s',
    { is: 'out-of-group', ...A },
    out((w) => {
      w.targetGroups.push(targetGroup('other', [target('i-0a1')]));
    }),
    'yes',
    'out of shop-web',
  ],
  [
    'detaching',
    { is: 'out-of-group', ...A },
    (w) => {
      w.group!.members[0]!.lifecycleState = 'Detaching';
    },
    'not-yet',
    'still being detached',
  ],
  [
    'desired fell',
    { is: 'out-of-group', ...A, desired: 3 },
    out((w) => {
      w.group!.desired = 2;
    }),
    'not-yet',
    'desired is 2, not 3',
  ],

  ['no newcomer', replaced, out(), 'not-yet', 'has not launched a new instance yet'],
  ['pending newcomer', replaced, newcomer('Pending:Wait'), 'not-yet', 'i-0d4 is Pending:Wait'],
  [
    'unregistered newcomer',
    replaced,
    newcomer('InService'),
    'not-yet',
    'i-0d4 is InService, but not healthy: shop-web: not registered',
  ],
  ['sick newcomer', replaced, newcomer('InService', 'unhealthy'), 'not-yet', 'shop-web: unhealthy, Target.ResponseCodeMismatch'],
  [
    'newcomer that serves',
    replaced,
    newcomer('InService', 'healthy'),
    'yes',
    'i-0d4: InService and healthy',
    { seen: { replacementId: 'i-0d4' } },
  ],
  [
    'newcomer that Auto Scaling calls unhealthy',
    replaced,
    (w) => {
      newcomer('InService', 'healthy')(w);
      w.group!.members.at(-1)!.healthStatus = 'Unhealthy';
    },
    'not-yet',
    'in Auto Scaling’s eyes',
  ],
  [
    'newcomer healthy in one of two',
    replaced,
    (w) => {
      newcomer('InService', 'healthy')(w);
      const api = targetGroup('shop-api', [target('i-0d4', 'initial')]);
      w.targetGroups.push(api);
      w.group!.targetGroupArns.push(api.arn);
    },
    'not-yet',
    'shop-api: initial',
  ],
  [
    'newcomer healthy on one of two ports',
    replaced,
    (w) => {
      newcomer('InService', 'healthy')(w);
      w.targetGroups[0]!.targets.push({ ...target('i-0d4', 'initial'), port: 81 });
    },
    'not-yet',
    'shop-web: initial',
  ],
  [
    'an unseen target group',
    replaced,
    (w) => {
      newcomer('InService', 'healthy')(w);
      w.group!.targetGroupArns.push('arn:x');
    },
    'not-yet',
    'arn:x: not seen',
  ],

  ['no snapshot', started, nothing, 'not-yet', 'no snapshot of vol-1 yet; no snapshot of vol-2 yet'],
  [
    'terminated',
    { is: 'terminated', instanceId: 'i-0a1' },
    (w) => {
      w.instance!.state = 'terminated';
    },
    'yes',
    'is terminated',
  ],
  [
    'forgotten by EC2',
    { is: 'terminated', instanceId: 'i-0a1' },
    (w) => {
      w.instance = undefined;
    },
    'yes',
    'is terminated',
  ],
  [
    'shutting down',
    { is: 'terminated', instanceId: 'i-0a1' },
    (w) => {
      w.instance!.state = 'shutting-down';
    },
    'not-yet',
    'is shutting-down',
  ],

  [
    'suspended',
    { is: 'suspended', ...G, processes: ['AZRebalance'] },
    (w) => {
      w.group!.suspendedProcesses = ['AZRebalance', 'Terminate'];
      w.group!.suspensionReasons = { AZRebalance: 'User suspended at 14:03', Terminate: 'x' };
    },
    'yes',
    'Suspended: AZRebalance.',
    { seen: { AZRebalance: 'User suspended at 14:03' } },
  ],
  [
    'one is not suspended',
    { is: 'suspended', ...G, processes: ['AZRebalance', 'InstanceRefresh'] },
    (w) => {
      w.group!.suspendedProcesses = ['AZRebalance'];
    },
    'not-yet',
    'InstanceRefresh is not suspended',
  ],
  [
    'suspended while an activity runs',
    { is: 'suspended', ...G, processes: [] },
    (w) => {
      w.surroundings.activities = [
        { id: 'a', status: 'InProgress', description: 'Launching i-9', cause: '', startedAt: '' },
        { id: 'b', status: 'Failed', description: 'Launching i-8', cause: '', startedAt: '' },
      ];
    },
    'not-yet',
    'Launching i-9 (InProgress)',
  ],
  [
    'resumed',
    { is: 'not-suspended', ...G, processes: ['AZRebalance'] },
    (w) => {
      w.group!.suspendedProcesses = ['Launch'];
    },
    'yes',
    'Active: AZRebalance.',
  ],
  [
    'not resumed',
    { is: 'not-suspended', ...G, processes: ['AZRebalance'] },
    (w) => {
      w.group!.suspendedProcesses = ['AZRebalance'];
    },
    'not-yet',
    'AZRebalance is suspended',
  ],

  [
    'protected',
    { is: 'protected', ...A, value: true },
    (w) => {
      w.group!.members[0]!.protectedFromScaleIn = true;
    },
    'yes',
    'i-0a1 is protected from scale-in.',
  ],
  ['not protected', { is: 'protected', ...A, value: true }, nothing, 'not-yet', 'i-0a1 is not protected from scale-in'],
  ['unprotected', { is: 'protected', ...A, value: false }, nothing, 'yes', 'i-0a1 is not protected from scale-in.'],
  ['protected, but gone', { is: 'protected', ...A, value: true }, out(), 'never', 'not a member'],

  ['sized', { is: 'sized', ...G, minSize: 2, maxSize: 6, desired: 3 }, nothing, 'yes', 'minimum 2, desired 3, maximum 6'],
  [
    'sized in part',
    { is: 'sized', ...G, maxSize: 6 },
    (w) => {
      w.group!.desired = 5;
    },
    'yes',
    'desired 5',
  ],
  [
    'not sized',
    { is: 'sized', ...G, minSize: 1, maxSize: 7, desired: 3 },
    nothing,
    'not-yet',
    'minimum is 2, not 1; maximum is 6, not 7',
  ],

  ['in standby', parked, inStandby(), 'yes', 'i-0a1 in standby; desired is 2; i-0b2 serves.'],
  [
    'entering standby',
    parked,
    inStandby((w) => {
      w.group!.members[0]!.lifecycleState = 'EnteringStandby';
    }),
    'not-yet',
    'i-0a1 is EnteringStandby',
  ],
  [
    'in standby at another size',
    parked,
    inStandby((w) => {
      w.group!.desired = 3;
    }),
    'not-yet',
    'desired is 3, not 2',
  ],
  [
    'in standby while the survivor turns sick',
    parked,
    inStandby((w) => {
      w.targetGroups[0]!.targets[1] = target('i-0b2', 'unhealthy');
    }),
    'never',
    'The survivor is in doubt: i-0b2 is InService, shop-web: unhealthy',
  ],
  [
    'in standby without a survivor',
    parked,
    inStandby((w) => {
      w.group!.members.splice(1, 1);
    }),
    'never',
    'i-0b2 is no member any more',
  ],
  ['terminated instead of parked', parked, out(), 'never', 'i-0a1 left shop-web'],

  [
    'on the way to standby',
    { is: 'entering-standby', ...G, instanceIds: ['i-0a1'] },
    (w) => {
      w.group!.members[0]!.lifecycleState = 'EnteringStandby';
    },
    'yes',
    'on the way to standby',
  ],
  ['arrived in standby', { is: 'entering-standby', ...G, instanceIds: ['i-0a1'] }, inStandby(), 'yes', 'on the way to standby'],
  ['not on the way', { is: 'entering-standby', ...G, instanceIds: ['i-0a1'] }, nothing, 'not-yet', 'i-0a1 is InService'],
  ['lost on the way', { is: 'entering-standby', ...G, instanceIds: ['i-0a1'] }, out(), 'never', 'i-0a1 left shop-web'],
  [
    'left standby',
    { is: 'left-standby', ...G, instanceIds: ['i-0a1'] },
    (w) => {
      w.group!.members[0]!.lifecycleState = 'Pending';
    },
    'yes',
    'None of i-0a1 is in standby.',
  ],
  ['still in standby', { is: 'left-standby', ...G, instanceIds: ['i-0a1'] }, inStandby(), 'not-yet', 'i-0a1 is Standby'],

  [
    'attached',
    { is: 'attached', ...A },
    (w) => {
      w.group!.members[0]!.lifecycleState = 'Pending';
    },
    'yes',
    'a member of shop-web (Pending)',
  ],
  ['not attached', { is: 'attached', ...A }, out(), 'not-yet', 'is no member'],
  [
    'gone, never attached',
    { is: 'attached', ...A },
    out((w) => {
      w.instance!.state = 'terminated';
    }),
    'never',
    'i-0a1 is terminated',
  ],
  [
    'attached and replaced',
    { is: 'attached', ...A },
    (w) => {
      w.group!.members[0]!.lifecycleState = 'Terminating';
    },
    'never',
    'i-0a1',
  ],

  ['in service', { is: 'in-service', ...G, instanceIds: ['i-0a1'], healthy: false }, nothing, 'yes', 'i-0a1: InService.'],
  [
    'in service, not healthy',
    { is: 'in-service', ...G, instanceIds: ['i-0a1'], healthy: true },
    nothing,
    'not-yet',
    'i-0a1 is InService, shop-web: unhealthy',
  ],
  [
    'in service and healthy',
    { is: 'in-service', ...G, instanceIds: ['i-0b2', 'i-0c3'], healthy: true },
    nothing,
    'yes',
    'i-0b2 and i-0c3: InService and healthy in every target group.',
  ],
  [
    'pending',
    { is: 'in-service', ...G, instanceIds: ['i-0b2'], healthy: false },
    (w) => {
      w.group!.members[1]!.lifecycleState = 'Pending';
    },
    'not-yet',
    'i-0b2 is Pending',
  ],
  [
    'not a member yet',
    { is: 'in-service', ...G, instanceIds: ['i-0a1'], healthy: false },
    out(),
    'not-yet',
    'i-0a1 is no member yet',
  ],
  [
    'ended',
    { is: 'in-service', ...G, instanceIds: ['i-0b2', 'i-0c3'], healthy: false },
    (w) => {
      w.members[1]!.state = 'terminated';
    },
    'never',
    'i-0b2: terminated.',
  ],

  [
    'gone',
    { is: 'gone-from-group', ...A },
    out((w) => {
      w.instance!.state = 'shutting-down';
    }),
    'yes',
    'i-0a1 is gone.',
  ],
  [
    'gone with its group',
    { is: 'gone-from-group', ...A },
    (w) => {
      w.group = undefined;
      w.instance = undefined;
    },
    'yes',
    'i-0a1 is gone.',
  ],
  ['out, but running', { is: 'gone-from-group', ...A }, out(), 'not-yet', 'i-0a1 is running'],
  [
    'terminating',
    { is: 'gone-from-group', ...A },
    (w) => {
      w.group!.members[0]!.lifecycleState = 'Terminating';
      w.instance!.state = 'shutting-down';
    },
    'not-yet',
    'i-0a1 is Terminating in shop-web',
  ],
];

/** What a reader would answer for the condition's own questions, out of the shop. */
const answer = (condition: Condition, world: World & { snapshots?: unknown[] }): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(needsOf(condition)).map(([name, { kind, params }]) => {
      switch (kind) {
        case 'group':
          return [name, world.group];
        case 'group-surroundings':
          return [name, world.surroundings];
        case 'target-groups-around':
          return [name, world.targetGroups];
        case 'instance':
          return [name, params['id'] === 'i-0a1' ? world.instance : world.members.find(({ id }) => id === params['id'])];
        case 'snapshots-of-run':
          return [name, world.snapshots ?? []];
        default:
          throw new Error(`No condition should ask for ${kind}.`);
      }
    }),
  );

describe('a condition is judged by facts alone', () => {
  it.each(rows)('%s', (_what, condition, change, status, found, more = {}) => {
    const judgement = judge(condition, answer(condition, shop(change)));
    expect(judgement).toMatchObject({ status, ...more });
    expect(judgement.found).toContain(found);
  });

  it('every kind of condition has a yes and a no', () => {
    const kinds = new Set(rows.map(([, { is }]) => is));
    for (const kind of kinds) {
      if (kind.startsWith('snapshots')) continue;
      const statuses = rows.filter(([, { is }]) => is === kind).map(([, , , status]) => status);
      expect([kind, statuses.includes('yes'), statuses.some((status) => status !== 'yes')]).toEqual([kind, true, true]);
    }
    expect(kinds.size + 1).toBe(17);
  });
});

describe('snapshots', () => {
  it.each<[string, Condition, unknown[], Judgement['status'], string]>([
    ['all pending are started', started, VOLUMES.map((id) => snapshot(id, 'pending')), 'yes', 'snap-1 and snap-2'],
    ['one missing is not started', started, [snapshot('vol-1')], 'not-yet', 'no snapshot of vol-2 yet'],
    ['one in error is lost', started, [snapshot('vol-1'), snapshot('vol-2', 'error')], 'never', 'snap-2 of vol-2 is in error'],
    ['all complete', completed, VOLUMES.map((id) => snapshot(id)), 'yes', 'Complete: snap-1 and snap-2.'],
    ['one pending', completed, [snapshot('vol-1'), snapshot('vol-2', 'pending')], 'not-yet', 'snap-2 of vol-2 is pending, 40 %'],
    ['one recovering', completed, [snapshot('vol-1'), snapshot('vol-2', 'recovering')], 'not-yet', 'recovering'],
    [
      'one in error',
      completed,
      [snapshot('vol-1'), snapshot('vol-2', 'error')],
      'never',
      'Not everything is saved: snap-2 of vol-2 is in error',
    ],
    ['one deleted', completed, [snapshot('vol-1')], 'never', 'the snapshot of vol-2 is missing'],
    [
      'one in the recycle bin',
      completed,
      [snapshot('vol-1', 'recoverable'), snapshot('vol-2')],
      'never',
      'snap-1 of vol-1 is in recoverable',
    ],
    [
      'a completed twin counts',
      completed,
      [snapshot('vol-1'), snapshot('vol-1', 'pending', { id: 'snap-9', startedAt: '2026-03-02T15:00:00Z' }), snapshot('vol-2')],
      'yes',
      'snap-1 and snap-2',
    ],
    [
      'a failed twin does not count',
      completed,
      [snapshot('vol-1'), snapshot('vol-1', 'error', { id: 'snap-9', startedAt: '2026-03-02T15:00:00Z' }), snapshot('vol-2')],
      'yes',
      'snap-1 and snap-2',
    ],
  ])('%s', (_what, condition, snapshots, status, found) => {
    const judgement = judge(condition, { snapshots });
    expect(judgement.status).toBe(status);
    expect(judgement.found).toContain(found);
  });

  it('are seen by volume, for undo and report', () => {
    expect(judge(completed, { snapshots: VOLUMES.map((id) => snapshot(id)) })).toHaveProperty('seen', {
      'vol-1': 'snap-1',
      'vol-2': 'snap-2',
    });
  });
});

it('what could not be read is not yet known', () => {
  const unreadable = { unreadable: 'timed-out', because: 'Auto Scaling did not answer in 3 s.' };
  expect(judge({ is: 'sized', ...G, minSize: 2 }, { group: unreadable })).toEqual({
    status: 'not-yet',
    found: unreadable.because,
  });
  expect(judge({ is: 'terminated', instanceId: 'i-0a1' }, { instance: unreadable }).status).toBe('not-yet');
});

it('asks only for what decides it', () => {
  const keys = (condition: Condition) => Object.values(needsOf(condition)).map(factKey);
  expect(keys(completed)).toEqual(['snapshots-of-run(runId=run-7)']);
  expect(keys({ is: 'in-service', ...G, instanceIds: ['i-0b2'], healthy: true })).toEqual([
    'group(name=shop-web)',
    'target-groups-around(groupName=shop-web)',
    'instance(id=i-0b2)',
  ]);
  expect(keys({ is: 'out-of-group', ...A })).toContain('target-groups-around(groupName=shop-web,instanceId=i-0a1)');
});

/** An incident as it might stand at any moment, a catalogue that does not change with the real one, and a desk's worth of context. */
import type { CheckState, FixRun, Incident } from '../../src/incident/state.ts';
import { type Catalogue, checklist } from '../../src/runbook/catalogue.ts';
import { type AnyCheck, pass } from '../../src/runbook/define-check.ts';
import type { AnyFix, Plan } from '../../src/runbook/define-fix.ts';
import { responsePolicy, type Severity } from '../../src/runbook/response.ts';
import { service } from '../../src/runbook/service.ts';
import type { ViewContext } from '../../src/slack/views/words.ts';

export const NOW = Date.parse('2026-05-04T14:14:00.000Z');

const probe = (id: string): AnyCheck => ({
  id,
  title: id,
  looksAt: `what ${id} looks at`,
  needs: () => ({}),
  evaluate: () => pass('fine'),
  examples: [],
});
const fix = (id: string, title: string, rank: AnyFix['rank']): AnyFix => ({
  id,
  title,
  fits: `when ${id} fits`,
  rank,
  candidates: () => [],
  prepare: () => ({ invalid: 'not in tests' }),
  prepareUndo: () => {
    throw new Error('not in tests');
  },
});

const item = (id: string, title: string) => ({ id, title, byHand: `How to look at ${id} by hand.` });
const role = (title: string) => ({ title, duties: [`First duty of ${title}.`] });
const bySeverity = <T>(value: (id: Severity) => T) => ({
  sev1: value('sev1'),
  sev2: value('sev2'),
  sev3: value('sev3'),
  sev4: value('sev4'),
});

export const catalogue: Catalogue = {
  checks: [probe('targets-are-healthy'), probe('security-groups-admit-the-path')],
  fixes: [
    fix('scale-to-one', 'Scale to one', { secondsToEffect: 40, undo: 'always', blastRadius: 'group' }),
    fix('snapshot-then-terminate', 'Snapshot and terminate', {
      secondsToEffect: 90,
      undo: 'until-last-step',
      blastRadius: 'one-instance',
    }),
  ],
  checklist: checklist.parse({
    id: 'default',
    title: 'Checklist',
    version: 1,
    items: [
      item('what-changed', 'What changed, and who is hit'),
      item('dns-and-certificates', 'DNS and certificates'),
      { ...item('load-balancer-and-instances', 'Load balancer and instances'), check: 'targets-are-healthy' },
      item('capacity', 'Capacity'),
      { ...item('security-groups', 'Security groups'), check: 'security-groups-admit-the-path' },
      item('network-acls', 'Network ACLs'),
      item('routes', 'Routes'),
      item('iam-roles-and-policies', 'IAM roles and policies'),
      item('dependencies', 'Dependencies'),
    ],
  }),
  services: [service.parse({ id: 'shop', name: 'Shop', loadBalancer: 'shop-alb', onCall: { commander: 'U0ANA' } })],
  symptoms: [],
  response: responsePolicy.parse({
    digestChannel: '#incidents',
    severities: bySeverity((id) => ({ title: `Title of ${id}`, means: `Meaning of ${id}`, updateEveryMinutes: 30 })),
    roles: {
      commander: role('Incident Commander'),
      operations: role('Operations'),
      communications: role('Communications'),
      scribe: role('Scribe'),
      expert: role('Subject Matter Expert'),
    },
    approvals: {
      reversible: 'role-holder',
      irreversible: 'another-person',
      timeoutMinutes: 15,
      oneApprovalCoversAll: bySeverity((id) => id === 'sev1'),
      breakGlass: true,
    },
    caps: { terminationsPerHour: bySeverity(() => 2), shareOfGroupPercent: bySeverity(() => 75) },
    keepEvidenceDays: 30,
  }),
};
export const view: ViewContext = { catalogue, now: NOW, commandName: '/incident' };

export const check = (changes: Partial<CheckState> = {}): CheckState => ({
  state: 'fail',
  because: 'i-0a1 unhealthy: health check expects 200, gets 502',
  evidence: ['i-0a1: Target.ResponseCodeMismatch (502)', 'i-0a2: healthy'],
  suggests: [{ fixId: 'snapshot-then-terminate', input: { instanceId: 'i-0a1' }, why: 'i-0a1 alone answers 502' }],
  by: 'bot',
  at: '2026-05-04T14:05:00.000Z',
  settled: true,
  ...changes,
});

export const plan = (changes: Partial<Plan> = {}): Plan => ({
  kind: 'fix',
  fixId: 'snapshot-then-terminate',
  title: 'Snapshot and terminate',
  run: { runId: 'r1', incident: 'inc-0042', by: 'U0BEN', at: '2026-05-04T14:09:00.000Z', expires: '2026-06-03' },
  input: { instanceId: 'i-0a1' },
  target: 'i-0a1',
  locks: ['i-0a1', 'shop-web'],
  headline: 'Snapshot and terminate i-0a1 (shop-web, eu-west-3b)',
  promise: { users: 'served by a replacement in about 90 s', data: '2 volumes snapshotted (30 GiB)', undo: 'until step 3' },
  steps: [
    {
      id: 'detach',
      title: 'Detach i-0a1 from shop-web, same capacity',
      phase: 1,
      mode: 'act',
      calls: [
        {
          api: 'autoscaling:DetachInstances',
          input: { AutoScalingGroupName: 'shop-web', InstanceIds: ['i-0a1'], ShouldDecrementDesiredCapacity: false },
          on: ['arn:aws:autoscaling:eu-west-3:111122223333:autoScalingGroup:1:autoScalingGroupName/shop-web'],
        },
      ],
      undo: { title: 'attach again' },
    },
    {
      id: 'replace',
      title: 'Wait until the replacement serves',
      phase: 1,
      mode: 'wait',
      calls: [],
      takes: 'about 90 s',
      servesUsers: true,
      undo: 'nothing',
    },
    {
      id: 'terminate',
      title: 'Terminate i-0a1',
      phase: 2,
      mode: 'act',
      calls: [
        {
          api: 'ec2:TerminateInstances',
          input: { InstanceIds: ['i-0a1'] },
          on: ['arn:aws:ec2:eu-west-3:111122223333:instance/i-0a1'],
        },
      ],
      undo: 'irreversible',
    },
  ],
  choices: [],
  irreversible: true,
  impact: { terminates: 1, removes: 1, groupName: 'shop-web', groupSize: 3 },
  before: {},
  ...changes,
});

export const run = (changes: Partial<FixRun> = {}): FixRun => ({
  runId: 'r1',
  plan: plan(),
  guards: [
    { id: 'in-service', title: 'In service', result: { outcome: 'pass' } },
    { id: 'template', title: 'Template', result: { outcome: 'pass', note: 'launches version 7; i-0a1 runs version 6' } },
  ],
  fingerprint: 'f1',
  by: 'U0BEN',
  status: 'previewed',
  acknowledged: [],
  approvedBy: [],
  steps: {},
  ...changes,
});
/** Stopped after its first step: it acted, and can be undone. */
export const stopped = (): FixRun =>
  run({
    status: 'stopped',
    requestedAt: '2026-05-04T14:09:00.000Z',
    steps: {
      detach: {
        status: 'done',
        startedAt: '2026-05-04T14:09:10.000Z',
        finishedAt: '2026-05-04T14:09:52.000Z',
        found: 'detached',
      },
    },
    ended: { at: '2026-05-04T14:10:00.000Z', text: 'Stopped by <@U0BEN>.', remains: [] },
  });

export const incident = (changes: Partial<Incident> = {}): Incident => ({
  number: 42,
  title: 'Checkout returns 502',
  severity: 'sev2',
  status: 'investigating',
  serviceId: 'shop',
  sourceChannelId: 'C0SHOP',
  drill: false,
  declaredBy: 'U0ANA',
  declaredAt: '2026-05-04T14:02:00.000Z',
  channel: { id: 'C0INC42', name: 'inc-0042-checkout-returns-502' },
  milestones: { declared: '2026-05-04T14:02:00.000Z' },
  roles: { operations: { userId: 'U0ANA', since: '2026-05-04T14:03:00.000Z' } },
  proposed: {},
  invited: [],
  symptoms: [],
  checks: {},
  attempts: [],
  attemptCount: 0,
  tasks: [],
  runs: {},
  terminations: [],
  messages: {},
  missing: {},
  ready: [],
  lastChangeAt: '2026-05-04T14:10:00.000Z',
  ...changes,
});

/** Given what has happened, when this is asked, then that happens: tests of the pure core, with a clock that stands still. */

import type { IncidentCommand } from '../src/incident/commands.ts';
import { type DecideContext, decide, type Refused } from '../src/incident/decide.ts';
import type { IncidentEvent, Recorded } from '../src/incident/events.ts';
import { fold } from '../src/incident/evolve.ts';
import type { Incident } from '../src/incident/state.ts';
import type { FixStep, GuardReport, Plan } from '../src/runbook/define-fix.ts';
import type { ResponsePolicy } from '../src/runbook/response.ts';

export const T0 = '2026-01-05T14:00:00.000Z';
/** So many minutes after the incident was declared. */
export const minute = (minutes: number): string => new Date(Date.parse(T0) + minutes * 60_000).toISOString();

export const declared: IncidentEvent = {
  type: 'incident-declared',
  v: 1,
  number: 42,
  title: 'Checkout returns 502',
  severity: 'sev2',
  serviceId: 'shop',
  drill: false,
};

type Happened = IncidentEvent | { readonly by?: string; readonly at?: string; readonly event: IncidentEvent };
const toRecord = (happened: Happened, index: number): Recorded => {
  const { by = 'U0ANA', at = minute(index), event } = 'event' in happened ? happened : { event: happened };
  return { seq: index + 2, at, by, events: [event] };
};
/** The log of an incident: a declaration, then one commit for each event, a minute apart unless it says when. */
export const logOf = (...happened: readonly Happened[]): readonly Recorded[] => [
  { seq: 1, at: T0, by: 'U0ANA', events: [declared] },
  ...happened.map(toRecord),
];
export const given = (...happened: readonly Happened[]): Incident => {
  const incident = fold(logOf(...happened));
  if (incident === undefined) throw new Error('A log with a declaration folds to an incident.');
  return incident;
};

export const context: DecideContext = {
  by: 'U0BEN',
  at: minute(10),
  items: [
    { id: 'dns-and-certificates', title: 'DNS and certificates' },
    { id: 'security-groups', title: 'Security groups' },
  ],
  decode: () => ({ points: [] }),
};
export const when = (incident: Incident, command: IncidentCommand, changed: Partial<DecideContext> = {}) =>
  decide(incident, command, { ...context, ...changed });
export const refusedWith = (answer: readonly IncidentEvent[] | Refused): string =>
  'refused' in answer ? answer.refused : `not refused: ${JSON.stringify(answer)}`;

export const step = (id: string, changed: Partial<FixStep> = {}): FixStep => ({
  id,
  title: `Do ${id}`,
  phase: 1,
  mode: 'act',
  calls: [],
  undo: 'nothing',
  ...changed,
});
export const plan = (changed: Partial<Plan> = {}): Plan => ({
  kind: 'fix',
  fixId: 'snapshot-then-terminate',
  title: 'Snapshot and terminate',
  run: { runId: 'run-1', incident: 'inc-0042', by: 'U0BEN', at: T0, expires: '2026-02-04' },
  input: { instanceId: 'i-1', groupName: 'shop-web' },
  target: 'i-1',
  locks: ['i-1', 'shop-web'],
  headline: 'Snapshot and terminate i-1 (shop-web, eu-west-3b)',
  promise: { users: 'served in about 90 s', data: '2 volumes snapshotted', undo: 'until the last step' },
  steps: [step('detach'), step('terminate', { phase: 2, undo: 'irreversible' })],
  choices: [],
  irreversible: true,
  impact: { terminates: 1, removes: 1, groupName: 'shop-web', groupSize: 3 },
  before: {},
  ...changed,
});
export const previewed = (
  changed: {
    readonly runId?: string;
    readonly plan?: Partial<Plan>;
    readonly guards?: readonly GuardReport[];
    readonly undoOf?: string;
  } = {},
): IncidentEvent => ({
  type: 'fix-previewed',
  v: 1,
  runId: changed.runId ?? 'run-1',
  plan: plan(changed.plan),
  guards: [...(changed.guards ?? [])],
  fingerprint: 'f',
  ...(changed.undoOf !== undefined && { undoOf: changed.undoOf }),
});

const each = <T>(value: T) => ({ sev1: value, sev2: value, sev3: value, sev4: value });
export const policy: ResponsePolicy = {
  digestChannel: '#incidents',
  severities: each({ title: 'Severe', means: 'Users are hit', updateEveryMinutes: 30 }),
  roles: Object.fromEntries(
    ['commander', 'operations', 'communications', 'scribe', 'expert'].map((id) => [id, { title: id, duties: ['Lead'] }]),
  ) as ResponsePolicy['roles'],
  approvals: {
    reversible: 'role-holder',
    irreversible: 'another-person',
    timeoutMinutes: 30,
    oneApprovalCoversAll: each(false),
    breakGlass: true,
  },
  caps: { terminationsPerHour: each(2), shareOfGroupPercent: each(70) },
  keepEvidenceDays: 30,
  contacts: [],
};

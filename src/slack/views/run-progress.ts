import type { ActionsBlockElement, KnownBlock } from '@slack/types';
import type { Approver } from '../../incident/events.ts';
import { type FixRun, type Incident, isOver, type RunStatus } from '../../incident/state.ts';
import { canUndo } from '../../incident/undoable.ts';
import type { ChatMessage } from '../../ports.ts';
import { person, typed } from '../escape.ts';
import { actions, button, context, message, section } from './blocks.ts';
import { differences, planTitle } from './plan.ts';
import { between, dayAndTime, exactSpan, STEP_STATES, timeOfDay, type ViewContext } from './words.ts';

const STATUS: Readonly<Record<RunStatus, string>> = {
  previewed: '⚪ shown, not started',
  requested: '⏳ looking at AWS once more',
  'awaiting-approval': '⏳ waits for approval',
  running: '⏳ running',
  'awaiting-second-approval': '⏳ asks once more before it ends something',
  done: '🟢 done',
  refused: '🔴 not done',
  declined: '⏭ declined',
  'timed-out': '⏭ nobody answered in time',
  stopped: '⏭ stopped',
  failed: '🔴 failed',
  uncertain: '🟡 one step’s outcome is not known: look before anything else is done',
};

/** One message for each run, edited in place: the same lines as in the preview, with what has become of them. */
export const runProgress = (run: FixRun, incident: Incident, view: ViewContext): ChatMessage => {
  const word = STATUS[run.status];
  return message(`${typed(run.plan.headline, 200)}: ${word}`, [
    section([planTitle(run.plan), `${word} · ${run.plan.kind === 'undo' ? 'undo ' : ''}by ${person(run.by)}${since(run)}`]),
    section(run.plan.steps.map((step, index) => stepLine(run, step, index, view.now))),
    ...approvals(run),
    ...asked(run, incident, view),
    ...ended(run),
    ...(run.drift === undefined || run.undoneBy !== undefined
      ? []
      : [section(`⚠️ *Drift* since ${timeOfDay(run.drift.at)}: ${typed(run.drift.text, 400)}`)]),
    ...actions(buttons(run, incident)),
  ]);
};

const since = ({ requestedAt, servedAt, ended: end }: FixRun): string => {
  if (requestedAt === undefined) return '';
  const served = servedAt === undefined ? '' : ` · users served after ${exactSpan(between(requestedAt, servedAt))}`;
  const over = end === undefined ? '' : ` · over after ${exactSpan(between(requestedAt, end.at))}`;
  return ` · ${timeOfDay(requestedAt)}${served}${over}`;
};

const stepLine = (run: FixRun, step: FixRun['plan']['steps'][number], index: number, now: number): string => {
  const state = run.steps[step.id];
  const status = state?.status ?? 'to-come';
  const { sign, word } = STEP_STATES[status];
  const took = state === undefined ? [] : [exactSpan(between(state.startedAt, state.finishedAt ?? now))];
  const takes = state === undefined && step.takes !== undefined ? [typed(step.takes, 80)] : [];
  const undo = step.undo === 'irreversible' ? ['*irreversible*'] : [];
  const found = state?.found === undefined || state.found === '' ? [] : [typed(state.found, 160)];
  return [`${sign} ${index + 1}. ${typed(step.title, 150)} · ${word}`, ...took, ...takes, ...undo, ...found].join(' · ');
};

const approvals = ({ approvedBy, stopRequestedBy }: FixRun): readonly KnownBlock[] => [
  ...approvedBy.map(({ by, at, breakGlass }) =>
    context(
      breakGlass === undefined
        ? `Approved by ${person(by)} ${timeOfDay(at)}`
        : `🧨 Break-glass by ${person(by)} ${timeOfDay(at)}: ${typed(breakGlass, 300)}`,
    ),
  ),
  ...(stopRequestedBy === undefined ? [] : [context(`${person(stopRequestedBy)} asked to stop: it stops after this step.`)]),
];

const WHO: Readonly<Record<Approver, string>> = {
  'role-holder': 'Somebody who holds a role has to agree.',
  'another-person': 'Another person than the one who asked has to agree.',
  requester: 'The plan is not the one that was shown any more: who asked has to look at it again.',
};

const asked = (run: FixRun, _incident: Incident, { catalogue }: ViewContext): readonly KnownBlock[] => {
  if (run.approval === undefined || isOver(run)) return [];
  const { who, expiresAt, phase } = run.approval;
  const what = phase === 2 ? 'What comes now cannot be undone. ' : '';
  const alone =
    who === 'another-person' && catalogue.response.approvals.breakGlass
      ? ' Alone? A role holder may give a break-glass reason.'
      : '';
  return [
    ...(phase === 1 ? differences(run.differs ?? []) : []),
    section(`*${what}${WHO[who]}*${alone} Until ${dayAndTime(expiresAt)}, else it is not done.`),
  ];
};

const ended = ({ ended: end }: FixRun): readonly KnownBlock[] =>
  end === undefined
    ? []
    : [section([typed(end.text, 600), ...end.remains.slice(0, 10).map((line) => `• remains: ${typed(line, 200)}`)])];

const buttons = (run: FixRun, incident: Incident): readonly ActionsBlockElement[] => {
  const value = { incident: incident.number, runId: run.runId };
  const about = run.plan.headline;
  const answer = run.approval && { ...value, phase: run.approval.phase };
  const waits = run.status === 'awaiting-approval' || run.status === 'awaiting-second-approval';
  const acts = run.status === 'running' && run.stopRequestedBy === undefined;
  return [
    ...(answer !== undefined && waits
      ? [
          button('Approve…', 'approve-fix', answer, { style: 'primary', says: `Approve: ${about}` }),
          button('Decline', 'decline-fix', answer, { style: 'danger', says: `Decline: ${about}` }),
        ]
      : []),
    ...(acts ? [button('Stop after this step', 'stop-fix', value, { says: `Stop after this step: ${about}` })] : []),
    ...(canUndo(run) ? [button('Undo…', 'undo-fix', value, { says: `Undo: ${about}` })] : []),
  ];
};

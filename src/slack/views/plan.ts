/** The parts of a plan that preview, approval and progress show alike: what was shown is what runs, so it looks the same everywhere. */
import type { KnownBlock } from '@slack/types';
import type { FixStep, GuardReport, Plan } from '../../runbook/define-fix.ts';
import { permissionLines } from '../../runbook/permission.ts';
import { typed } from '../escape.ts';
import { fewOf } from '../limits.ts';
import { context, section } from './blocks.ts';

const NOTES_SHOWN = 12;
const PERMISSIONS_SHOWN = 12;

export const planTitle = ({ headline }: Plan): string => `*${typed(headline, 300)}*`;

export const promise = ({ promise: { users, data, undo } }: Plan): KnownBlock =>
  section([`*Users* ${typed(users, 300)}`, `*Data* ${typed(data, 300)}`, `*Undo* ${typed(undo, 300)}`]);

const undoWord = ({ undo }: FixStep): string =>
  undo === 'irreversible' ? '*irreversible*' : undo === 'nothing' ? '' : `undo: ${typed(undo.title, 120)}`;

/** A step has one number wherever it is shown; with `phase`, that phase's steps alone. */
export const steps = ({ steps: all }: Plan, phase?: FixStep['phase']): KnownBlock =>
  section(
    all.flatMap((step, index) => {
      if (phase !== undefined && step.phase !== phase) return [];
      const rest = [step.takes === undefined ? '' : typed(step.takes, 80), undoWord(step)].filter(Boolean);
      return [[`${index + 1}. ${typed(step.title, 200)}`, ...rest].join(' · ')];
    }),
  );

/** How many guards passed, and what they had to say. */
export const guardLines = (guards: readonly GuardReport[]): readonly KnownBlock[] => {
  const passed = guards.filter(({ result }) => result.outcome === 'pass');
  const notes = passed.flatMap(({ result }) => (result.outcome === 'pass' && result.note !== undefined ? [result.note] : []));
  return [
    context(`Guards: ${passed.length} of ${guards.length} passed without a question.`),
    ...(notes.length === 0 ? [] : [section(['*Notes*', ...fewOf(notes, NOTES_SHOWN, (note) => `• ${typed(note, 250)}`)])]),
  ];
};

export const toAcknowledge = (guards: readonly GuardReport[]): readonly { readonly id: string; readonly because: string }[] =>
  guards.flatMap(({ id, result }) => (result.outcome === 'acknowledge' ? [{ id, because: result.because }] : []));

export const permissions = (plan: Plan, phase?: FixStep['phase']): readonly KnownBlock[] => {
  const lines = permissionLines(
    phase === undefined ? plan : { ...plan, steps: plan.steps.filter((step) => step.phase === phase) },
  );
  if (lines.length === 0) return [];
  return [
    section(['*May do exactly this and nothing else*', ...fewOf(lines, PERMISSIONS_SHOWN, (line) => `• ${typed(line, 250)}`)]),
  ];
};

const DIFFERS_SHOWN = 10;
/** Said above a plan that is another one than was shown before. */
export const differences = (differs: readonly string[]): readonly KnownBlock[] =>
  differs.length === 0
    ? []
    : [
        section([
          '*The plan is not the one you saw. What has changed:*',
          ...fewOf(differs, DIFFERS_SHOWN, (one) => `• ${typed(one, 250)}`),
        ]),
      ];

import { z } from 'zod';
import {
  type FixStep,
  type Plan,
  type Refusal,
  type Report,
  type RunRecord,
  refuse,
  type UndoCourse,
} from '../../../src/runbook/define-fix.ts';
import type { Group } from '../../../src/runbook/entities.ts';
import { isGone, serves } from '../../../src/runbook/membership.ts';
import { listed } from '../../../src/runbook/words.ts';
import { firstRefusal } from '../../guards/first-refusal.ts';
import { launchProcesses, optInGuard } from '../../guards/group.ts';
import { changedByOthers, type Sizes, sizeDrift, vanished } from '../shared/drift.ts';
import { undoGuards } from './undo-guards.ts';
import { undoPreview } from './undo-preview.ts';
import { type UndoFacts, undoNeeds } from './undo-world.ts';
import { inputOf, movedBy, stateOf, stepsBefore } from './world.ts';

const undoBefore = z.object({
  minSize: z.number(),
  maxSize: z.number(),
  desired: z.number(),
  gone: z.array(z.string()),
  /** Returned as sick as they were parked: nobody waits for their health. */
  sick: z.array(z.string()).default([]),
  reasons: z.record(z.string(), z.string()),
});

/** The sizes as the undo's own steps have made them. */
const sizesAfter = ({ minSize, maxSize, desired }: Sizes, steps: readonly FixStep[]): Sizes => ({
  minSize: steps
    .flatMap(({ calls }) => calls)
    .reduce(
      (current, call) => (call.api === 'autoscaling:UpdateAutoScalingGroup' ? (call.input.MinSize ?? current) : current),
      minSize,
    ),
  maxSize,
  desired: desired + steps.flatMap(movedBy).length,
});

const takenOver = (group: Group, before: FixStep, reasons: Readonly<Record<string, string>>): Refusal | undefined => {
  if (before.id !== 'resume') return undefined;
  const theirs = Object.entries(reasons)
    .filter(([process, reason]) => (group.suspensionReasons?.[process] ?? '') !== reason)
    .map(([process]) => process);
  return theirs.length === 0
    ? undefined
    : refuse(
        `${listed(theirs)} of ${group.name} ${theirs.length === 1 ? 'was' : 'were'} resumed or suspended again by somebody else meanwhile (a deployment does that).`,
        'Wait until the deployment is over, then undo what is left.',
      );
};

const recheck = (facts: UndoFacts, plan: Plan, before: FixStep): Refusal | undefined => {
  if (before.mode !== 'act') return undefined;
  const { group } = facts;
  if (group === undefined) return vanished(inputOf(plan).groupName);
  const ids = movedBy(before);
  const elsewhere = ids.filter((id) => stateOf(group, id) !== 'Standby');
  if (elsewhere.length > 0)
    return refuse(
      `${listed(elsewhere.map((id) => `${id} is ${stateOf(group, id)}`))}: somebody else moved it meanwhile.`,
      'Start the undo again with what is left.',
    );
  const dead = facts.members.filter((one) => ids.includes(one.id) && isGone(one)).map(({ id }) => id);
  if (dead.length > 0)
    return refuse(
      `${listed(dead)} ${dead.length === 1 ? 'was' : 'were'} terminated meanwhile, so it cannot return.`,
      'Start the undo again with what is left.',
    );
  const { reasons, gone: _gone, sick: _sick, ...sizes } = undoBefore.parse(plan.before);
  const optedIn = optInGuard<UndoFacts, unknown>(({ members }) => members.filter(({ id }) => ids.includes(id)));
  return (
    firstRefusal([optedIn, ...(ids.length > 0 ? [launchProcesses] : [])], facts, undefined) ??
    changedByOthers(group, sizesAfter(sizes, stepsBefore(plan, before))) ??
    takenOver(group, before, reasons)
  );
};

const verify = (facts: UndoFacts, plan: Plan, _steps: RunRecord['steps']): Report => {
  const { group } = facts;
  const { groupName } = inputOf(plan);
  if (group === undefined) return { ok: false, text: vanished(groupName).because, remains: [] };
  const { gone, sick, reasons: _reasons, ...sizes } = undoBefore.parse(plan.before);
  const returned = plan.steps.flatMap(movedBy);
  const serving = returned.filter((id) => serves(group, facts.targetGroups, id));
  const stillSick = sick.filter((id) => !serving.includes(id) && stateOf(group, id) === 'InService');
  const others = returned.filter((id) => !serving.includes(id) && !stillSick.includes(id));
  const drift = sizeDrift(group, sizesAfter(sizes, plan.steps));
  return {
    ok: others.length === 0 && drift.length === 0,
    text: [
      ...(serving.length === 0 ? [] : [`Back in service and healthy: ${listed(serving)}.`]),
      ...(others.length === 0 ? [] : [`Not healthy yet: ${listed(others.map((id) => `${id} (${stateOf(group, id)})`))}.`]),
      ...(stillSick.length === 0 ? [] : [`As sick as it was parked: ${listed(stillSick)}.`]),
      ...(gone.length === 0 ? [] : [`Could not return: ${listed(gone)}.`]),
      drift.length === 0 ? 'The settings are restored.' : `Not as it was: ${drift.join(', ')}.`,
    ].join(' '),
    remains: [],
  };
};

export const undo: UndoCourse<ReturnType<typeof undoNeeds>> = {
  needs: undoNeeds,
  guards: undoGuards,
  preview: undoPreview,
  recheck,
  verify,
};

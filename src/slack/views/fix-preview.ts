import type { KnownBlock, ModalView } from '@slack/types';
import { attemptOf, earlierAttempt } from '../../incident/attempts.ts';
import { mustType } from '../../incident/decide-fix.ts';
import type { FixRun, Incident } from '../../incident/state.ts';
import { fixOf } from '../../runbook/catalogue.ts';
import type { Choice, GuardReport, Plan, Refusal } from '../../runbook/define-fix.ts';
import { person, plain, typed, withPeople } from '../escape.ts';
import { CHOICE_ACTION } from '../ids.ts';
import { CHECKBOXES_MAX, OPTION_VALUE_CHARACTERS_MAX, OPTIONS_MAX } from '../limits.ts';
import { actions, button, input, modal, option, plainText, section, textInput } from './blocks.ts';
import { differences, guardLines, permissions, planTitle, promise, steps, toAcknowledge } from './plan.ts';
import { timeOfDay, type ViewContext } from './words.ts';

/** Block ids of the inputs, read back by whoever handles the submission. */
export const ACKNOWLEDGE = 'acknowledge';
export const TYPED = 'typed';
const TYPED_CHARACTERS_MAX = 255;

type Place = { readonly incident: number; readonly channelId?: string | undefined };
const placed = ({ incident, channelId }: Place) => ({ incident, ...(channelId !== undefined && { channelId }) });

/** Opened at once, while the facts are gathered: a trigger lives three seconds, AWS may take longer. */
export const fixPreviewLoading = (place: Place, title = 'Fix'): ModalView =>
  modal('preview-fix', placed(place), {
    title,
    close: 'Cancel',
    blocks: [section('⏳ Looking at AWS and working out the plan. Nothing is done yet.')],
  });

/**
 * The plan, whole, and what a person has to confirm. A guard that refuses takes the start away and says what would make
 * it possible. `differs`: what has changed since it was shown before.
 */
export const fixPreview = (
  run: FixRun,
  incident: Incident,
  view: ViewContext,
  options: { readonly channelId?: string; readonly differs?: readonly string[] } = {},
): ModalView => {
  const { plan } = run;
  const refusals = run.guards.flatMap(({ result }) => (result.outcome === 'refuse' ? [result] : []));
  const [no] = refusals;
  if (no !== undefined) {
    const { because, toMakePossible } = no;
    return fixRefused(
      { headline: plan.headline, reports: run.guards, because, toMakePossible },
      incident,
      view,
      options.channelId,
    );
  }
  const open = toAcknowledge(run.guards);
  const target = mustType(incident, plan, 1, view.catalogue.response) ? plan.target : undefined;
  const metadata = {
    ...placed({ incident: incident.number, channelId: options.channelId ?? incident.channel?.id }),
    runId: run.runId,
    fixId: plan.fixId,
    input: { ...plan.input },
    ...(run.undoOf !== undefined && { undoOf: run.undoOf }),
    ...(target !== undefined && { mustType: target }),
    ...(open.length > 0 && { acknowledge: open.map(({ id }) => id) }),
  };
  return modal('preview-fix', metadata, {
    title: plan.kind === 'undo' ? 'Undo' : plan.title,
    submit: plan.kind === 'undo' ? 'Undo it' : 'Start',
    close: 'Cancel',
    blocks: [
      ...differences(options.differs ?? run.differs ?? []),
      section(planTitle(plan)),
      ...triedBefore(incident, plan),
      promise(plan),
      steps(plan),
      ...plan.choices.flatMap((choice) => choiceBlocks(choice)),
      ...guardLines(run.guards),
      ...acknowledgements(open),
      ...(target === undefined ? [] : [typedInput(target)]),
      ...permissions(plan),
    ],
  });
};

/** Nobody tries a thing twice because they did not know. */
const triedBefore = (incident: Incident, plan: Plan): readonly KnownBlock[] => {
  const before = earlierAttempt(incident, attemptOf(plan));
  if (before === undefined) return [];
  return [
    section(
      `⚠️ *Tried already* by ${person(before.by)} at ${timeOfDay(before.at)}: ${typed(before.result ?? 'no result was noted', 250)}`,
    ),
  ];
};

/** Changing one makes a new preview: what is shown is always what would run. */
const choiceBlocks = (choice: Choice): readonly KnownBlock[] => {
  const options = choice.options
    .filter(({ value }) => value.length <= OPTION_VALUE_CHARACTERS_MAX)
    .slice(0, OPTIONS_MAX)
    .map(({ value, label }) => option(label, value));
  const initial = options.find(({ value }) => value === choice.chosen);
  if (options.length === 0) return [];
  return [
    {
      type: 'section',
      text: plainText(choice.label, 200),
      accessory: {
        type: 'static_select',
        action_id: `${CHOICE_ACTION}.${choice.input}`,
        placeholder: plainText(choice.label, 150),
        options,
        ...(initial !== undefined && { initial_option: initial }),
      },
    },
  ];
};

const acknowledgements = (open: readonly { readonly id: string; readonly because: string }[]): readonly KnownBlock[] => {
  if (open.length === 0) return [];
  // A checkbox has room for 75 characters: the sentence stands above it, the box repeats its beginning.
  return [
    section(['*Read, and tick each:*', ...open.map(({ because }, index) => `${index + 1}. ${typed(because, 250)}`)]),
    input(ACKNOWLEDGE, 'I have read and accept', {
      type: 'checkboxes',
      options: boxes(open.map(({ because }, index) => `${index + 1}. ${because}`)),
    }),
  ];
};

/** Slack takes ten: the last box then stands for all that are left, which are written out above. */
const boxes = (labels: readonly string[]) =>
  labels.length <= CHECKBOXES_MAX
    ? labels.map((label, index) => option(label, String(index)))
    : [
        ...labels.slice(0, CHECKBOXES_MAX - 1).map((label, index) => option(label, String(index))),
        option(`${CHECKBOXES_MAX} to ${labels.length}, as written above`, String(CHECKBOXES_MAX - 1)),
      ];

export const typedInput = (target: string): KnownBlock =>
  input(TYPED, `Type ${plain(target, 120)} to confirm`, textInput({ max: TYPED_CHARACTERS_MAX }), {
    hint: 'This cannot be undone.',
  });

export type FixRefusal = {
  readonly headline: string;
  readonly reports: readonly GuardReport[];
  readonly because: string;
  readonly toMakePossible: string;
};

/** Not done, why, and what would make it possible; what may be done instead is a button. */
export const fixRefused = (
  refusal: FixRefusal,
  incident: Pick<Incident, 'number' | 'channel'>,
  { catalogue, commandName }: ViewContext,
  channelId = incident.channel?.id,
): ModalView => {
  const said = refusal.reports.flatMap(({ result }) => (result.outcome === 'refuse' ? [result] : []));
  const refusals: readonly Omit<Refusal, 'outcome'>[] = said.length > 0 ? said : [refusal];
  return modal('preview-fix', placed({ incident: incident.number, channelId }), {
    title: 'Not possible now',
    blocks: [
      section(`*Not done:* ${typed(refusal.headline, 300)}`),
      ...refusals.flatMap(({ because, toMakePossible, instead }, index) => [
        section([`🔴 ${withPeople(because, 500)}`, `*What would make it possible:* ${hint(toMakePossible, commandName)}`]),
        ...insteadButton(incident.number, catalogue, instead, index),
      ]),
    ],
  });
};

/** A hint is a sentence, or what comes after the command's name. */
const hint = (text: string, commandName: string): string =>
  /^[a-z]+( <|$)/.test(text) ? `\`${commandName} ${typed(text, 300)}\`` : withPeople(text, 500);

const insteadButton = (
  incident: number,
  catalogue: ViewContext['catalogue'],
  instead: Refusal['instead'],
  nth: number,
): readonly KnownBlock[] => {
  const fix = instead && fixOf(catalogue, instead.fixId);
  if (fix === undefined || instead === undefined) return [];
  const value = { incident, fixId: fix.id, input: { ...instead.input } };
  return actions([button(`Instead: ${fix.title}…`, 'preview-fix', value, { nth })]);
};

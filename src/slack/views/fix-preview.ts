import type { KnownBlock, ModalView } from '@slack/types';
import { mustType } from '../../incident/decide-fix.ts';
import type { FixRun, Incident } from '../../incident/state.ts';
import { fixOf } from '../../runbook/catalogue.ts';
import type { Choice, Plan, Refusal } from '../../runbook/define-fix.ts';
import { plain, typed } from '../escape.ts';
import { CHOICE_ACTION } from '../ids.ts';
import { CHECKBOXES_MAX, fewOf, OPTION_VALUE_CHARACTERS_MAX, OPTIONS_MAX } from '../limits.ts';
import { actions, button, context, input, modal, option, plainText, section, textInput } from './blocks.ts';
import { guardLines, permissions, planTitle, promise, steps, toAcknowledge } from './plan.ts';
import type { ViewContext } from './words.ts';

/** Block ids of the inputs, read back by whoever handles the submission. */
export const ACKNOWLEDGE = 'acknowledge';
export const TYPED = 'typed';
const DIFFERS_SHOWN = 10;
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
  if (refusals.length > 0) return fixRefused(plan, refusals, incident.number, view, options.channelId);
  const open = toAcknowledge(run.guards).slice(0, CHECKBOXES_MAX);
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
      ...differences(options.differs ?? []),
      section(planTitle(plan)),
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

const differences = (differs: readonly string[]): readonly KnownBlock[] =>
  differs.length === 0
    ? []
    : [
        section([
          '*The plan is not the one you saw. What has changed:*',
          ...fewOf(differs, DIFFERS_SHOWN, (one) => `• ${typed(one, 250)}`),
        ]),
      ];

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
      options: open.map(({ id, because }, index) => option(`${index + 1}. ${because}`, id.slice(0, OPTION_VALUE_CHARACTERS_MAX))),
    }),
  ];
};

export const typedInput = (target: string): KnownBlock =>
  input(TYPED, `Type ${plain(target, 120)} to confirm`, textInput({ max: TYPED_CHARACTERS_MAX }), {
    hint: 'This cannot be undone.',
  });

const fixRefused = (
  plan: Pick<Plan, 'headline' | 'title'>,
  refusals: readonly Refusal[],
  incident: number,
  { catalogue }: ViewContext,
  channelId: string | undefined,
): ModalView =>
  modal('preview-fix', placed({ incident, channelId }), {
    title: plan.title,
    blocks: [
      section(`*Not done:* ${typed(plan.headline, 300)}`),
      ...refusals.flatMap(({ because, toMakePossible, instead }, index) => {
        const fix = instead && fixOf(catalogue, instead.fixId);
        return [
          section([`🔴 ${typed(because, 500)}`, `*What would make it possible:* ${typed(toMakePossible, 500)}`]),
          ...(fix === undefined || instead === undefined
            ? []
            : actions([
                button(
                  `Instead: ${fix.title}…`,
                  'preview-fix',
                  { incident, fixId: fix.id, input: { ...instead.input } },
                  { nth: index },
                ),
              ])),
        ];
      }),
    ],
  });

/** No plan could be made: the input was not what the fix takes, the incident is frozen, AWS did not answer. */
export const fixPreviewFailed = (
  place: Place,
  problem: { readonly because: string; readonly toMakePossible?: string },
): ModalView =>
  modal('preview-fix', placed(place), {
    title: 'Not possible now',
    blocks: [
      section(`🔴 ${typed(problem.because, 1_000)}`),
      ...(problem.toMakePossible === undefined
        ? []
        : [context(`What would make it possible: ${typed(problem.toMakePossible, 500)}`)]),
    ],
  });

/** Shown in place of the plan when it was started. */
export const fixStarted = (place: Place): ModalView =>
  modal('preview-fix', placed(place), { title: 'Started', blocks: [section('It runs. Follow it in the incident’s channel.')] });

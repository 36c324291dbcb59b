/**
 * What buttons and modals carry, built and parsed in one place. Values come back from Slack as they were sent, possibly
 * months later and from an older version: what does not parse is answered as "too old", never guessed at.
 */
import { z } from 'zod';
import { status } from '../incident/events.ts';
import { roleId, severity } from '../runbook/response.ts';
import { METADATA_CHARACTERS_MAX } from './limits.ts';

const incident = z.number().int().positive();
const phase = z.union([z.literal(1), z.literal(2)]);
const ofIncident = z.strictObject({ incident });
const ofItem = z.strictObject({ incident, itemId: z.string() });
const ofRun = z.strictObject({ incident, runId: z.string() });
const ofPhase = z.strictObject({ incident, runId: z.string(), phase });
const ofRole = z.strictObject({ incident, role: roleId });
const fix = z.strictObject({ incident, fixId: z.string(), input: z.record(z.string(), z.string()) });

const ACTIONS = {
  'open-declare': z.strictObject({}),
  'run-all-checks': ofIncident,
  'run-check': ofItem,
  'mark-check': ofItem,
  'claim-check': ofItem,
  'show-evidence': ofItem,
  'preview-fix': fix,
  'pick-fix': z.strictObject({ incident, fixId: z.string().optional() }),
  'undo-fix': ofRun,
  'stop-fix': ofRun,
  'approve-fix': ofPhase,
  'decline-fix': ofPhase,
  'take-role': ofRole,
  'release-role': ofRole,
  'assign-role': ofRole,
  roles: ofIncident,
  'mark-mitigated': ofIncident,
  'change-status': ofIncident,
  'change-severity': ofIncident,
  'post-update': ofIncident,
  'show-timeline': ofIncident,
  'show-postmortem': ofIncident,
  'finish-task': z.strictObject({ incident, taskId: z.string() }),
  'set-up-again': ofIncident,
} as const satisfies Record<string, z.ZodType>;
export type ActionName = keyof typeof ACTIONS;
export type ActionValue<N extends ActionName> = z.output<(typeof ACTIONS)[N]>;
export type Action = { readonly [N in ActionName]: { readonly name: N; readonly value: ActionValue<N> } }[ActionName];

/** `nth` tells apart equal buttons of one block. */
export const actionOf = <N extends ActionName>(name: N, value: ActionValue<N>, nth?: string | number) => ({
  action_id: nth === undefined ? name : `${name}.${nth}`,
  value: JSON.stringify(value),
});

const parsed = (schema: z.ZodType, json: string | undefined): unknown => {
  try {
    const result = schema.safeParse(JSON.parse(json ?? ''));
    return result.success ? result.data : undefined;
  } catch {
    return undefined;
  }
};
const named = (actionId: string): ActionName | undefined => {
  const name = actionId.split('.')[0] ?? '';
  return Object.hasOwn(ACTIONS, name) ? (name as ActionName) : undefined;
};

/** Undefined for what this version does not know. */
export const parseAction = (actionId: string, value: string | undefined): Action | undefined => {
  const name = named(actionId);
  const found = name && parsed(ACTIONS[name], value);
  return found === undefined ? undefined : ({ name, value: found } as Action);
};

/** An overflow menu's options are too short for JSON: `<action>/<incident>`, and the item where it is about one. */
const ITEM_ACTIONS = ['run-check', 'show-evidence', 'mark-check', 'claim-check'] as const satisfies readonly ActionName[];
export type ItemAction = (typeof ITEM_ACTIONS)[number];
export type MenuAction = 'roles' | 'change-status' | 'change-severity' | 'post-update' | 'show-timeline' | ItemAction;
export const menuValue = (name: MenuAction, number: number, itemId?: string): string =>
  [name, number, ...(itemId === undefined ? [] : [itemId])].join('/');
export const parseMenu = (value: string): Action | undefined => {
  const [name = '', number, itemId] = value.split('/');
  return parseAction(name, JSON.stringify({ incident: Number(number), ...(itemId !== undefined && { itemId }) }));
};
export const MENU_ACTION_ID = 'menu';

/** A select in a preview: `change-choice.<key of the input>`. Its new value is in the option, the rest in the modal. */
export const CHOICE_ACTION = 'change-choice';
export const parseChoice = (actionId: string): string | undefined =>
  actionId.startsWith(`${CHOICE_ACTION}.`) ? actionId.slice(CHOICE_ACTION.length + 1) : undefined;

/** Where the modal was opened from, so that the private answer goes there. */
const place = { channelId: z.string().optional() };
const MODALS = {
  declare: z.strictObject({ ...place }),
  'pick-fix': z.strictObject({ incident, ...place }),
  'preview-fix': z.strictObject({
    incident,
    ...place,
    /** Absent while the plan is not there yet. */
    runId: z.string().optional(),
    fixId: z.string().optional(),
    input: z.record(z.string(), z.string()).optional(),
    /** The run that this plan would undo. */
    undoOf: z.string().optional(),
    mustType: z.string().optional(),
    acknowledge: z.array(z.string()).optional(),
  }),
  'approve-fix': z.strictObject({ incident, ...place, runId: z.string(), phase, mustType: z.string().optional() }),
  'mark-check': z.strictObject({ incident, ...place, itemId: z.string() }),
  evidence: z.strictObject({ incident, ...place }),
  roles: z.strictObject({ incident, ...place }),
  handover: z.strictObject({ incident, ...place, role: roleId.optional() }),
  status: z.strictObject({ incident, ...place, to: status.optional() }),
  severity: z.strictObject({ incident, ...place, to: severity.optional() }),
  update: z.strictObject({ incident, ...place }),
} as const satisfies Record<string, z.ZodType>;
export type ModalName = keyof typeof MODALS;
export type ModalMetadata<N extends ModalName> = z.output<(typeof MODALS)[N]>;
export type Modal = { readonly [N in ModalName]: { readonly name: N; readonly metadata: ModalMetadata<N> } }[ModalName];

export const modalOf = <N extends ModalName>(name: N, metadata: ModalMetadata<N>) => {
  const private_metadata = JSON.stringify(metadata);
  if (private_metadata.length > METADATA_CHARACTERS_MAX) throw new Error(`The metadata of the modal ${name} is too long.`);
  return { callback_id: name, private_metadata };
};
export const parseModal = (callbackId: string, metadata: string): Modal | undefined => {
  if (!Object.hasOwn(MODALS, callbackId)) return undefined;
  const found = parsed(MODALS[callbackId as ModalName], metadata);
  return found === undefined ? undefined : ({ name: callbackId, metadata: found } as Modal);
};

export const SHORTCUTS = { keepMessage: 'keep-message', reportSymptom: 'report-symptom', declare: 'declare' } as const;

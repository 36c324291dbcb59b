import type { ModalView } from '@slack/types';
import type { IncidentCommand, ReplyTo, WorkRequest } from '../incident/commands.ts';
import type { Incident } from '../incident/state.ts';
import { type Catalogue, checkOf } from '../runbook/catalogue.ts';
import { commandWork, type Outcome } from './define-subcommand.ts';
import { type Action, type Modal, parseChoice } from './ids.ts';
import { approvalModal } from './views/approval.ts';
import { severityModal, statusModal, updateModal } from './views/change-modals.ts';
import { evidenceModal, markCheckModal } from './views/check-modals.ts';
import { declareModal } from './views/declare.ts';
import { fixPickerLoading } from './views/fix-picker.ts';
import { fixPreviewLoading } from './views/fix-preview.ts';
import { handoverModal, rolesModal } from './views/roles.ts';
import { told } from './views/told.ts';

export type ClickContext = {
  readonly catalogue: Catalogue;
  readonly userId: string;
  readonly requestId: string;
  readonly commandName: string;
  readonly now: number;
  readonly reply: ReplyTo;
};
/** `load`: the modal shows what the incident is now, which is read first. */
export type ClickOutcome =
  | Exclude<Outcome, { readonly do: 'show-usage' }>
  | { readonly do: 'load'; readonly incident: number; readonly show: (incident: Incident) => ModalView | undefined };

/** What a button stands for. Pure: it says what is to be done, and does nothing. */
export const onClick = ({ name, value }: Action, context: ClickContext): ClickOutcome => {
  const { catalogue, userId, reply } = context;
  const channelId = reply.channelId === '' ? undefined : reply.channelId;
  if (name === 'open-declare') return { do: 'open', view: declareModal(catalogue, { channelId }) };
  const place = { incident: value.incident, channelId };
  const request = { id: context.requestId, by: userId, reply, incident: value.incident };
  const command = (wanted: IncidentCommand): ClickOutcome => ({
    do: 'enqueue',
    work: commandWork({ ...context, incident: { number: value.incident } }, wanted),
  });
  const work = (wanted: WorkRequest): ClickOutcome => ({ do: 'enqueue', work: wanted });
  switch (name) {
    case 'run-all-checks':
      return runItems(catalogue, request, () => true);
    case 'run-check':
      return runItems(catalogue, request, (id) => id === value.itemId);
    case 'mark-check':
      return { do: 'open', view: markCheckModal(catalogue, value.itemId, place) };
    case 'claim-check':
      return command({ do: 'claim-check', checkId: value.itemId });
    case 'show-evidence':
      return { do: 'load', incident: value.incident, show: (incident) => evidenceModal(incident, catalogue, value.itemId) };
    case 'preview-fix': {
      const { fixId, input } = value;
      return {
        do: 'open',
        view: fixPreviewLoading(place),
        fillBy: (viewId) => ({ kind: 'preview-fix', ...request, fixId, input, viewId }),
      };
    }
    case 'pick-fix': {
      const only = value.fixId === undefined ? {} : { fixId: value.fixId };
      return {
        do: 'open',
        view: fixPickerLoading(place),
        fillBy: (viewId) => ({ kind: 'list-fixes', ...request, ...only, words: [], viewId }),
      };
    }
    case 'undo-fix': {
      const { runId } = value;
      return {
        do: 'open',
        view: fixPreviewLoading(place, 'Undo'),
        fillBy: (viewId) => ({ kind: 'preview-undo', ...request, runId, chosen: {}, viewId }),
      };
    }
    case 'stop-fix':
      return command({ do: 'stop-fix', runId: value.runId });
    case 'approve-fix':
      return { do: 'load', incident: value.incident, show: (incident) => approval(incident, value.runId, context) };
    case 'decline-fix':
      return work({ kind: 'answer-fix', ...request, runId: value.runId, phase: value.phase, approve: false });
    case 'take-role':
      return command({ do: 'take-role', role: value.role, userId, ifFree: true });
    case 'release-role':
      return command({ do: 'release-role', role: value.role });
    case 'assign-role':
      return { do: 'open', view: handoverModal(value.incident, context, { role: value.role, channelId }) };
    case 'roles':
      return { do: 'load', incident: value.incident, show: (incident) => rolesModal(incident, context) };
    case 'mark-mitigated':
      return { do: 'open', view: statusModal(place, 'mitigated') };
    case 'change-status':
      return { do: 'open', view: statusModal(place) };
    case 'change-severity':
      return { do: 'open', view: severityModal(catalogue, place) };
    case 'post-update':
      return { do: 'open', view: updateModal(place) };
    case 'show-timeline':
      return work({ kind: 'show', ...request, what: 'timeline' });
    case 'show-postmortem':
      return work({ kind: 'show', ...request, what: 'postmortem' });
    case 'finish-task':
      return command({ do: 'finish-task', taskId: value.taskId });
    case 'set-up-again':
      return work({ kind: 'redraw', ...request });
  }
};

type Request = Pick<Extract<WorkRequest, { kind: 'run-checks' }>, 'id' | 'by' | 'reply' | 'incident'>;

const runItems = (catalogue: Catalogue, request: Request, wanted: (id: string) => boolean): ClickOutcome => {
  const itemIds = catalogue.checklist.items
    .filter(({ id, check }) => wanted(id) && checkOf(catalogue, check) !== undefined)
    .map(({ id }) => id);
  return itemIds.length === 0
    ? { do: 'tell', message: told('No probe answers this: look by hand, and mark it.') }
    : { do: 'enqueue', work: { kind: 'run-checks', ...request, itemIds } };
};

const approval = (incident: Incident, runId: string, context: ClickContext): ModalView | undefined => {
  const run = incident.runs[runId];
  return run && approvalModal(run, incident, context.userId, context);
};

/** A choice in a preview was changed: the same fix, or the same undo, is previewed anew in the same modal. */
export const onChoice = (
  actionId: string,
  chosen: string | undefined,
  modal: Modal | undefined,
  viewId: string,
  context: ClickContext,
): ClickOutcome | undefined => {
  const key = parseChoice(actionId);
  if (key === undefined || chosen === undefined || modal?.name !== 'preview-fix') return undefined;
  const { incident, fixId, input = {}, undoOf } = modal.metadata;
  if (fixId === undefined) return undefined;
  const request = { id: context.requestId, by: context.userId, reply: context.reply, incident, viewId };
  const changed = { ...input, [key]: chosen };
  const work: WorkRequest =
    undoOf === undefined
      ? { kind: 'preview-fix', ...request, fixId, input: changed }
      : { kind: 'preview-undo', ...request, runId: undoOf, chosen: changed };
  return { do: 'open', view: fixPreviewLoading({ incident, channelId: context.reply.channelId }), fillBy: () => work };
};

import { z } from 'zod';
import type { IncidentCommand, ReplyTo, WorkRequest } from '../incident/commands.ts';
import { mark, status } from '../incident/events.ts';
import { roleId, severity } from '../runbook/response.ts';
import { commandWork } from './define-subcommand.ts';
import type { Modal } from './ids.ts';
import { CHECKBOXES_MAX } from './limits.ts';
import { BREAK_GLASS } from './views/approval.ts';
import { CHANGE } from './views/change-modals.ts';
import { MARK } from './views/check-modals.ts';
import { DECLARE } from './views/declare.ts';
import { ACKNOWLEDGE, TYPED } from './views/fix-preview.ts';
import { HANDOVER } from './views/roles.ts';

/** `view.state.values`, as far as our modals use it: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
const element = z.looseObject({
  value: z.string().nullish(),
  selected_option: z.looseObject({ value: z.string() }).nullish(),
  selected_options: z.array(z.looseObject({ value: z.string() })).nullish(),
  selected_user: z.string().nullish(),
});
export const viewValues = z.record(z.string(), z.record(z.string(), element));
export type ViewValues = z.output<typeof viewValues>;

export type SubmitContext = { readonly userId: string; readonly requestId: string; readonly reply: ReplyTo };
export type Submission =
  | { readonly do: 'enqueue'; readonly work: WorkRequest }
  | { readonly do: 'close' }
  /** Block id → what is wrong, in words for who typed. */
  | { readonly do: 'errors'; readonly errors: Readonly<Record<string, string>> };

const one = (values: ViewValues, name: string): string | undefined => {
  const found = values[name]?.[name];
  return found?.value ?? found?.selected_option?.value ?? found?.selected_user ?? undefined;
};
const many = (values: ViewValues, name: string): readonly string[] =>
  values[name]?.[name]?.selected_options?.map(({ value }) => value) ?? [];
const errors = (block: string, sentence: string): Submission => ({ do: 'errors', errors: { [block]: sentence } });

/** What a sent modal asks for, or what is wrong in it. Pure. */
export const onSubmit = ({ name, metadata }: Modal, values: ViewValues, context: SubmitContext): Submission => {
  const request = { id: context.requestId, by: context.userId, reply: context.reply };
  if (name === 'declare') return declare(metadata, values, request);
  const { incident } = metadata;
  const command = (wanted: IncidentCommand): Submission => ({
    do: 'enqueue',
    work: commandWork({ ...context, incident: { number: incident } }, wanted),
  });
  switch (name) {
    case 'preview-fix': {
      if (metadata.runId === undefined) return { do: 'close' };
      const ids = metadata.acknowledge ?? [];
      const typed = one(values, TYPED)?.trim();
      if (many(values, ACKNOWLEDGE).length < Math.min(ids.length, CHECKBOXES_MAX))
        return errors(ACKNOWLEDGE, 'Read and tick each of them.');
      if (metadata.mustType !== undefined && typed !== metadata.mustType) return mistyped(metadata.mustType);
      const work = { kind: 'start-fix', ...request, incident, runId: metadata.runId } as const;
      return { do: 'enqueue', work: { ...work, acknowledged: [...ids], ...(typed !== undefined && { typed }) } };
    }
    case 'approve-fix': {
      const typed = one(values, TYPED)?.trim();
      const breakGlass = one(values, BREAK_GLASS)?.trim();
      if (metadata.mustType !== undefined && typed !== metadata.mustType) return mistyped(metadata.mustType);
      const { runId, phase } = metadata;
      const work = { kind: 'answer-fix', ...request, incident, runId, phase, approve: true } as const;
      return {
        do: 'enqueue',
        work: { ...work, ...(typed !== undefined && { typed }), ...(breakGlass !== undefined && { breakGlass }) },
      };
    }
    case 'mark-check': {
      const chosen = mark.safeParse(one(values, MARK.mark));
      if (!chosen.success) return errors(MARK.mark, 'Choose one.');
      const note = one(values, MARK.note) ?? '';
      return command({ do: 'mark-check', checkId: metadata.itemId, mark: chosen.data, note });
    }
    case 'handover': {
      const role = roleId.safeParse(one(values, HANDOVER.role));
      const userId = one(values, HANDOVER.to);
      if (!role.success) return errors(HANDOVER.role, 'Choose a role.');
      return userId === undefined
        ? errors(HANDOVER.to, 'Choose a person.')
        : command({ do: 'take-role', role: role.data, userId });
    }
    case 'status': {
      const to = status.safeParse(one(values, CHANGE.to) ?? metadata.to);
      const reason = one(values, CHANGE.reason)?.trim() ?? '';
      if (!to.success) return errors(CHANGE.to, 'Choose a status.');
      return reason === '' ? errors(CHANGE.reason, 'Say why.') : command({ do: 'change-status', to: to.data, reason });
    }
    case 'severity': {
      const to = severity.safeParse(one(values, CHANGE.to) ?? metadata.to);
      const reason = one(values, CHANGE.reason)?.trim() ?? '';
      if (!to.success) return errors(CHANGE.to, 'Choose a severity.');
      return reason === '' ? errors(CHANGE.reason, 'Say why.') : command({ do: 'change-severity', to: to.data, reason });
    }
    case 'update': {
      const text = one(values, CHANGE.text)?.trim() ?? '';
      return text === '' ? errors(CHANGE.text, 'Say how it stands.') : command({ do: 'post-update', text });
    }
    case 'pick-fix':
    case 'evidence':
    case 'roles':
      return { do: 'close' };
  }
};

const mistyped = (target: string): Submission => errors(TYPED, `Type ${target}, exactly: this cannot be undone.`);

type Request = { readonly id: string; readonly by: string; readonly reply: ReplyTo };
const declare = (metadata: { readonly channelId?: string | undefined }, values: ViewValues, request: Request): Submission => {
  const title = one(values, DECLARE.title)?.trim() ?? '';
  const chosen = severity.safeParse(one(values, DECLARE.severity));
  const serviceId = one(values, DECLARE.service);
  if (title === '') return errors(DECLARE.title, 'Say what is broken.');
  if (!chosen.success) return errors(DECLARE.severity, 'Choose one.');
  return {
    do: 'enqueue',
    work: {
      kind: 'declare',
      ...request,
      title,
      severity: chosen.data,
      drill: many(values, DECLARE.drill).includes('drill'),
      ...(serviceId !== undefined && { serviceId }),
      ...(metadata.channelId !== undefined && { sourceChannelId: metadata.channelId }),
    },
  };
};

/** Sending and closing a modal: https://docs.slack.dev/surfaces/modals#handling_submissions */
import { z } from 'zod';
import { completeValues, inputErrors } from '../blocks/values.ts';
import type { OpenView, User } from '../model.ts';
import type { PageReply, ViewValues } from '../page-api.ts';
import { SlackError } from '../slack-error.ts';
import { closeAllViews, closeView, pushView, updateView } from '../views.ts';
import { viewPayload } from '../web/payloads.ts';
import { done, failureOf, interaction, type MemberContext, refuse } from './context.ts';

/** The error that belongs to no input: Slack shows it at the top of the modal. */
export const WHOLE_VIEW = '*';
const CONNECTION_TROUBLE = 'We had some trouble connecting. Try again?';

const responseAction = z.discriminatedUnion('response_action', [
  z.object({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string()) }),
  z.object({ response_action: z.literal('update'), view: z.unknown() }),
  z.object({ response_action: z.literal('push'), view: z.unknown() }),
  z.object({ response_action: z.literal('clear') }),
]);

const ownView = ({ store }: MemberContext, user: User, viewId: string): OpenView | undefined =>
  store.state.views.find((view) => view.id === viewId && view.user === user.id);

export const submitView = async (context: MemberContext, user: User, viewId: string, given: ViewValues): Promise<PageReply> => {
  const { store, tickets, delivery } = context;
  const open = ownView(context, user, viewId);
  if (open === undefined) return refuse('view_not_found');
  if (open.busy) return refuse('view_is_being_sent');
  open.values = completeValues(open.view.blocks, given);
  const errors = inputErrors(open.view.blocks, open.values);
  if (Object.keys(errors).length > 0) return fail(context, open, errors);
  Object.assign(open, { busy: true, errors: {} });
  store.touch();
  const answer = await delivery.request({
    kind: 'interactive',
    payload: {
      type: 'view_submission',
      ...interaction(context, user),
      trigger_id: tickets.newTrigger({ user: user.id, viewId: open.id }),
      view: viewPayload(open, store.state.team.id),
      response_urls: [],
    },
  });
  open.busy = false;
  if (ownView(context, user, viewId) !== open) return done;
  const failed = failureOf(answer);
  if (failed !== undefined) return fail(context, open, { [WHOLE_VIEW]: CONNECTION_TROUBLE }, failed);
  return follow(context, user, open, answer.kind === 'answered' ? answer.body : undefined);
};

const fail = ({ store }: MemberContext, open: OpenView, errors: Readonly<Record<string, string>>, reason?: string): PageReply => {
  open.errors = errors;
  store.touch();
  return refuse(reason ?? Object.values(errors).join(' '));
};

/** Does what the app answered; an answer that Slack would not take is shown as trouble, as Slack shows it. */
const follow = (context: MemberContext, user: User, open: OpenView, body: unknown): PageReply => {
  const { store } = context;
  if (body === undefined || (typeof body === 'object' && body !== null && Object.keys(body).length === 0)) {
    closeView(store, open);
    return done;
  }
  const parsed = responseAction.safeParse(body);
  if (!parsed.success) return fail(context, open, { [WHOLE_VIEW]: CONNECTION_TROUBLE }, 'invalid_response_action');
  const answer = parsed.data;
  try {
    switch (answer.response_action) {
      case 'errors':
        return fail(context, open, knownErrors(open, answer.errors));
      case 'update':
        updateView(store, open, answer.view);
        return done;
      case 'push':
        pushView(store, user.id, answer.view);
        return done;
      case 'clear':
        closeAllViews(store, user.id);
        return done;
    }
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    return fail(context, open, { [WHOLE_VIEW]: CONNECTION_TROUBLE }, error.message);
  }
};

/** Errors belong to input blocks; one for anything else is an answer that Slack does not take. */
const knownErrors = (open: OpenView, errors: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  const inputs = new Set(open.view.blocks.filter(({ type }) => type === 'input').map(({ block_id }) => block_id));
  const unknown = Object.keys(errors).filter((blockId) => !inputs.has(blockId));
  if (unknown.length > 0 || Object.keys(errors).length === 0)
    throw new SlackError('invalid_response_action', { complaints: [`no input block is called ${unknown.join(', ')}`] });
  return errors;
};

export const dismissView = async (context: MemberContext, user: User, viewId: string): Promise<PageReply> => {
  const open = ownView(context, user, viewId);
  if (open === undefined) return refuse('view_not_found');
  const gone =
    open.view.type === 'modal' && open.view.clear_on_close === true
      ? closeAllViews(context.store, user.id)
      : closeView(context.store, open);
  const told = gone.filter(({ view }) => view.type === 'modal' && view.notify_on_close === true);
  await Promise.all(
    told.map((closed) =>
      context.delivery.request({
        kind: 'interactive',
        payload: {
          type: 'view_closed',
          ...interaction(context, user),
          view: viewPayload(closed, context.store.state.team.id),
          is_cleared: gone.length > 1,
        },
      }),
    ),
  );
  return done;
};

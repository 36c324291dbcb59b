/** https://docs.slack.dev/reference/methods/views.open and its siblings. */
import { z } from 'zod';
import { SlackError } from '../slack-error.ts';
import { findView, openView, publishHome, pushView, updateView } from '../views.ts';
import { homePayload, viewPayload } from '../web/payloads.ts';
import { userOf } from './find.ts';
import { defineMethod, type Method, object } from './method.ts';

const triggered = z
  .object({ trigger_id: z.string().optional(), interactivity_pointer: z.string().optional(), view: object })
  .transform(({ trigger_id, interactivity_pointer, view }) => ({ trigger: trigger_id ?? interactivity_pointer ?? '', view }));

const open = defineMethod({
  tier: 4,
  args: triggered,
  run: ({ trigger, view }, { store, tickets }) => {
    const { user } = tickets.exchangeTrigger(trigger);
    return { view: viewPayload(openView(store, user, view), store.state.team.id) };
  },
});

const push = defineMethod({
  tier: 4,
  args: triggered,
  run: ({ trigger, view }, { store, tickets }) => {
    const { user, viewId } = tickets.exchangeTrigger(trigger);
    if (viewId === undefined)
      throw new SlackError('invalid_arguments', {
        complaints: ['the trigger must come from a modal [json-pointer:/trigger_id]'],
      });
    return { view: viewPayload(pushView(store, user, view), store.state.team.id) };
  },
});

const update = defineMethod({
  tier: 4,
  args: z.object({
    view_id: z.string().optional(),
    external_id: z.string().optional(),
    hash: z.string().optional(),
    view: object,
  }),
  run: (args, { store }) => {
    const found = findView(store, { id: args.view_id, externalId: args.external_id });
    return { view: viewPayload(updateView(store, found, args.view, args.hash), store.state.team.id) };
  },
});

const publish = defineMethod({
  tier: 4,
  args: z.object({ user_id: z.string(), hash: z.string().optional(), view: object }),
  run: (args, { store }) => {
    const user = userOf(store.state, args.user_id);
    return { view: homePayload(publishHome(store, user.id, args.view, args.hash), store.state.team.id) };
  },
});

export const viewMethods: Readonly<Record<string, Method>> = {
  'views.open': open,
  'views.publish': publish,
  'views.push': push,
  'views.update': update,
};

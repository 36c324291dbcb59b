/** Events on their way to the app: https://docs.slack.dev/apis/events-api */
import type { SlackEvent } from '../conversations.ts';
import { APP_ID, BOT_USER_ID } from '../seed.ts';
import type { Store } from '../store.ts';

/** What an app is subscribed to when nobody says otherwise. */
export const DEFAULT_EVENTS: readonly string[] = [
  'app_home_opened',
  'app_mention',
  'member_joined_channel',
  'message',
  'reaction_added',
  'reaction_removed',
];

export const eventCallback = (store: Store, event: SlackEvent): Readonly<Record<string, unknown>> => ({
  token: 'verification-token-is-deprecated',
  team_id: store.state.team.id,
  api_app_id: APP_ID,
  event,
  type: 'event_callback',
  event_id: store.nextId('Ev'),
  event_time: store.nowSeconds(),
  authorizations: [
    {
      enterprise_id: null,
      team_id: store.state.team.id,
      user_id: BOT_USER_ID,
      is_bot: true,
      is_enterprise_install: false,
    },
  ],
  is_ext_shared_channel: false,
});

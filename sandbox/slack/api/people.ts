/** Who is there: users, user groups, the team, and the bot itself. */
import { z } from 'zod';
import { PAGE_ITEMS_MAX } from '../limits.ts';
import { APP_ID, BOT_ID, BOT_USER_ID } from '../seed.ts';
import { SlackError } from '../slack-error.ts';
import { profilePayload, userPayload } from '../web/payloads.ts';
import { userOf } from './find.ts';
import { boolean, defineMethod, integer, type Method, page } from './method.ts';

const authTest = defineMethod({
  tier: 4,
  args: z.object({}),
  run: (_, { store, origin }) => ({
    url: `${origin()}/`,
    team: store.state.team.name,
    team_id: store.state.team.id,
    user: userOf(store.state, BOT_USER_ID).name,
    user_id: BOT_USER_ID,
    bot_id: BOT_ID,
    app_id: APP_ID,
    is_enterprise_install: false,
  }),
});

const listUsers = defineMethod({
  scopes: ['users:read'],
  tier: 2,
  args: z.object({ limit: integer.min(1).max(PAGE_ITEMS_MAX).default(PAGE_ITEMS_MAX), cursor: z.string().optional() }),
  run: (args, { store }) => {
    const { items, nextCursor } = page(store.state.users, args);
    return {
      members: items.map((user) => userPayload(user, store.state.team.id)),
      cache_ts: store.nowSeconds(),
      response_metadata: { next_cursor: nextCursor },
    };
  },
});

const userInfo = defineMethod({
  scopes: ['users:read'],
  tier: 4,
  args: z.object({ user: z.string() }),
  run: ({ user }, { store }) => ({ user: userPayload(userOf(store.state, user), store.state.team.id) }),
});

const lookupByEmail = defineMethod({
  scopes: ['users:read.email'],
  args: z.object({ email: z.string() }),
  run: ({ email }, { store }) => {
    const found = store.state.users.find((user) => user.email === email.toLowerCase() && !user.isBot && !user.deleted);
    if (found === undefined) throw new SlackError('users_not_found');
    return { user: userPayload(found, store.state.team.id) };
  },
});

const getProfile = defineMethod({
  scopes: ['users.profile:read'],
  tier: 4,
  args: z.object({ user: z.string().default(BOT_USER_ID) }),
  run: ({ user }, { store }) => ({ profile: profilePayload(userOf(store.state, user)) }),
});

const listUserGroups = defineMethod({
  scopes: ['usergroups:read'],
  tier: 2,
  args: z.object({ include_users: boolean.default(false) }),
  run: ({ include_users }, { store }) => ({
    usergroups: store.state.userGroups.map((group) => ({
      id: group.id,
      team_id: store.state.team.id,
      is_usergroup: true,
      handle: group.handle,
      name: group.name,
      user_count: group.users.length,
      ...(include_users && { users: group.users }),
    })),
  }),
});

const teamInfo = defineMethod({
  scopes: ['team:read'],
  args: z.object({}),
  run: (_, { store, origin }) => ({ team: { ...store.state.team, url: `${origin()}/`, email_domain: 'shoplane.example' } }),
});

const openConnection = defineMethod({
  scopes: [],
  tier: 1,
  token: 'app',
  args: z.object({}),
  run: (_, { tickets, origin }) => ({
    url: `${origin().replace(/^http/, 'ws')}/link/?ticket=${tickets.newSocket()}&app_id=${APP_ID}`,
  }),
});

export const peopleMethods: Readonly<Record<string, Method>> = {
  'api.test': defineMethod({ tier: 4, args: z.object({}), run: () => ({}) }),
  'apps.connections.open': openConnection,
  'auth.test': authTest,
  'emoji.list': defineMethod({ scopes: ['emoji:read'], tier: 2, args: z.object({}), run: () => ({ emoji: {} }) }),
  'team.info': teamInfo,
  'usergroups.list': listUserGroups,
  'users.info': userInfo,
  'users.list': listUsers,
  'users.lookupByEmail': lookupByEmail,
  'users.profile.get': getProfile,
};

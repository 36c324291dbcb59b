/** The workspace people find when they open the sandbox: a small shop and the five who run it. */
import type { Channel, Team, User, UserGroup, WorkspaceState } from './model.ts';

export const BOT_USER_ID = 'U0FIREBREAK';
export const BOT_ID = 'B0FIREBREAK';
export const APP_ID = 'A0FIREBREAK';

export type SeedUser = Pick<User, 'id' | 'name' | 'realName'> & Partial<User>;
export type SeedChannel = {
  readonly id: string;
  readonly name: string;
  readonly members: readonly string[];
  readonly topic?: string;
  readonly purpose?: string;
  readonly isPrivate?: boolean;
  readonly archived?: boolean;
};
export type Seed = {
  readonly team: Team;
  readonly users: readonly SeedUser[];
  readonly userGroups?: readonly UserGroup[];
  readonly channels: readonly SeedChannel[];
};

const EVERYONE = ['U0ANA', 'U0BEN', 'U0CHRIS', 'U0DINA', 'U0EVE'];

export const SHOPLANE: Seed = {
  team: { id: 'T0SHOPLANE', name: 'Shoplane', domain: 'shoplane' },
  users: [
    { id: 'U0ANA', name: 'ana', realName: 'Ana Ruiz', title: 'Operations, on call', color: '0b7a75' },
    { id: 'U0BEN', name: 'ben', realName: 'Ben Okafor', title: 'Backend', color: '7b2d8b' },
    { id: 'U0CHRIS', name: 'chris', realName: 'Chris Lindqvist', title: 'Network', color: 'c44900' },
    { id: 'U0DINA', name: 'dina', realName: 'Dina Haddad', title: 'Support and communications', color: '1f5f99' },
    { id: 'U0EVE', name: 'eve', realName: 'Eve Moreau', title: 'Gameday instructor', color: '9a1750' },
    { id: BOT_USER_ID, name: 'firebreak', realName: 'Firebreak', isBot: true, color: 'b3541e' },
  ],
  userGroups: [{ id: 'S0ONCALL', handle: 'oncall', name: 'On call', users: ['U0ANA'] }],
  channels: [
    { id: 'C0GENERAL', name: 'general', members: EVERYONE, purpose: 'Everyone at Shoplane' },
    { id: 'C0INCIDENTS', name: 'incidents', members: [...EVERYONE, BOT_USER_ID], purpose: 'One line for every incident' },
    { id: 'C0SHOP', name: 'shop', members: ['U0ANA', 'U0BEN', 'U0CHRIS', 'U0DINA'], purpose: 'The shop and its checkout' },
  ],
};

const seedUser = (user: SeedUser): User => ({
  email: `${user.name}@shoplane.example`,
  title: '',
  tz: 'Europe/Amsterdam',
  color: '44546a',
  isBot: false,
  deleted: false,
  ...user,
});

const seedChannel = (channel: SeedChannel, creator: string, nowSeconds: number): Channel => {
  const label = (value = '') => ({ value, creator: value === '' ? '' : creator, last_set: value === '' ? 0 : nowSeconds });
  return {
    id: channel.id,
    name: channel.name,
    isIm: false,
    isPrivate: channel.isPrivate ?? false,
    archived: channel.archived ?? false,
    created: nowSeconds,
    creator,
    topic: label(channel.topic),
    purpose: label(channel.purpose),
    members: [...channel.members],
    pins: [],
    bookmarks: [],
    messages: [],
    readUpTo: {},
  };
};

export const createState = (seed: Seed, nowSeconds: number): WorkspaceState => {
  const users = seed.users.map(seedUser);
  const creator = users.find((user) => !user.isBot)?.id ?? '';
  return {
    team: seed.team,
    users,
    userGroups: [...(seed.userGroups ?? [])],
    channels: seed.channels.map((channel) => seedChannel(channel, creator, nowSeconds)),
    files: [],
    canvases: [],
    views: [],
    homes: [],
    notices: [],
    pings: [],
    version: 1,
    lastId: 0,
    lastTsMicros: 0,
  };
};

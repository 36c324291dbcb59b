/** Mentions in text: how a person's typing becomes Slack's markup, and who is reached by what is in a message. */
import type { AnyBlock, WorkspaceState } from './model.ts';

/** https://docs.slack.dev/messaging/formatting-message-text#escaping */
export const escapeText = (typed: string): string =>
  typed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

type Directory = Pick<WorkspaceState, 'users' | 'channels' | 'userGroups'>;

const NAME = /(^|[\s(])([@#])([\p{L}\p{N}._-]*[\p{L}\p{N}_-])/gu;
const BROADCASTS: ReadonlySet<string> = new Set(['channel', 'here', 'everyone']);

const markup = (
  sigil: string,
  name: string,
  { users, channels, userGroups }: Directory,
  labelled: boolean,
): string | undefined => {
  if (sigil === '#') {
    const channel = channels.find((each) => each.name === name && !each.isIm && !each.isPrivate);
    return channel && `<#${channel.id}|${channel.name}>`;
  }
  const user = users.find((each) => each.name === name.toLowerCase());
  if (user) return labelled ? `<@${user.id}|${user.name}>` : `<@${user.id}>`;
  const group = userGroups.find((each) => each.handle === name);
  return group && `<!subteam^${group.id}|@${group.handle}>`;
};

/** A message as a person's client sends it: special characters escaped, names turned into mentions, `@channel` too. */
export const asTyped = (typed: string, directory: Directory): string =>
  escapeText(typed).replace(NAME, (whole, before: string, sigil: string, name: string) => {
    if (sigil === '@' && BROADCASTS.has(name)) return `${before}<!${name}>`;
    const mention = markup(sigil, name, directory, false);
    return mention === undefined ? whole : `${before}${mention}`;
  });

/**
 * A command's text when the app asked for "escape channels, users, and links": names only, with their labels.
 * https://docs.slack.dev/interactivity/implementing-slash-commands
 */
export const asEscapedCommand = (typed: string, directory: Directory): string =>
  typed.replace(NAME, (whole, before: string, sigil: string, name: string) => {
    const mention = markup(sigil, name, directory, true);
    return mention === undefined ? whole : `${before}${mention}`;
  });

const MASS_MENTION = /<!(?:channel|here|everyone|subteam\^[A-Z0-9]+)(?:\|[^>]*)?>/g;
const TYPED_BROADCAST = /(?:^|[\s(])@(channel|here|everyone)\b/g;

/**
 * Everything in a message that calls more than one person. `parse: full` and `link_names` make Slack read plain names too.
 * https://docs.slack.dev/messaging/formatting-message-text#special-mentions
 */
export const massMentions = (text: string, blocks: readonly AnyBlock[], parseNames: boolean): readonly string[] => {
  const texts = [text, ...blocks.flatMap(mrkdwnIn)];
  const marked = texts.flatMap((each) => each.match(MASS_MENTION) ?? []);
  const named = parseNames ? [...text.matchAll(TYPED_BROADCAST)].map((match) => `<!${match[1]}>`) : [];
  return [...new Set([...marked, ...named])];
};

/** Texts in which Slack looks for mentions: mrkdwn objects, markdown blocks and rich text's own elements. */
const mrkdwnIn = (value: unknown): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(mrkdwnIn);
  const { type, text, range, usergroup_id } = value as Readonly<Record<string, unknown>>;
  if ((type === 'mrkdwn' || type === 'markdown') && typeof text === 'string') return [text];
  if (type === 'broadcast') return [`<!${String(range)}>`];
  if (type === 'usergroup') return [`<!subteam^${String(usergroup_id)}>`];
  return Object.values(value).flatMap(mrkdwnIn);
};

export const mentions = (text: string, blocks: readonly AnyBlock[], user: string): boolean => {
  const pattern = new RegExp(`<@${user}(?:\\|[^>]*)?>`);
  return [text, ...blocks.flatMap(mrkdwnIn)].some((each) => pattern.test(each));
};

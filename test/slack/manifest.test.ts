/** What Slack is told of the app is what the app is. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { METHOD_SCOPES } from '../../src/adapters/slack/scopes.ts';
import { SHORTCUTS } from '../../src/slack/ids.ts';

const manifest = parse(readFileSync('infra/slack-manifest.yml', 'utf8'));

it('asks for the scopes that the called methods, commands and events need, and for no other', () => {
  const needed = new Set([...Object.values(METHOD_SCOPES).flat(), 'commands', 'reactions:read']);
  expect(manifest.oauth_config.scopes.bot).toEqual([...needed].sort());
});

it('has the shortcuts that the app listens to', () => {
  const ids = manifest.features.shortcuts.map(({ callback_id }: { callback_id: string }) => callback_id);
  expect(ids.sort()).toEqual(Object.values(SHORTCUTS).sort());
});

it('has one command, with people and channels as ids', () => {
  expect(manifest.features.slash_commands).toMatchObject([{ command: '/incident', should_escape: true }]);
});

it('is subscribed to what the app listens to, and sends everything to one address', () => {
  const { event_subscriptions, interactivity } = manifest.settings;
  expect(event_subscriptions.bot_events).toEqual(['reaction_added']);
  expect([interactivity.request_url, ...manifest.features.slash_commands.map(({ url }: { url: string }) => url)]).toEqual([
    event_subscriptions.request_url,
    event_subscriptions.request_url,
  ]);
});

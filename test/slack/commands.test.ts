import { describe, expect, it } from 'vitest';
import { subcommands } from '../../src/slack/commands/index.ts';
import type { Outcome, SubcommandExample } from '../../src/slack/define-subcommand.ts';
import { dispatch, helpEntries, readCommand } from '../../src/slack/dispatch.ts';
import { catalogue, incident, NOW, stopped } from './kit.ts';

const reply = { channelId: 'C0SHOP', userId: 'U0ANA', responseUrl: 'https://hooks.slack.example/1' };
const context = {
  catalogue,
  commandName: '/incident',
  userId: 'U0ANA',
  channelId: 'C0SHOP',
  requestId: 'command-1',
  now: NOW,
  reply,
  openIncidents: [],
};
const withIncident = { ...context, incident: incident({ runs: { r1: stopped() } }) };
const say = (text: string) => dispatch(readCommand(text), withIncident);
const textOf = (outcome: ReturnType<typeof dispatch>): string => (outcome.do === 'tell' ? outcome.message.text : outcome.do);

const detailOf = (outcome: Outcome): unknown =>
  outcome.do === 'enqueue' ? outcome.work : outcome.do === 'open' ? JSON.parse(outcome.view.private_metadata ?? '{}') : {};

const examples = subcommands.flatMap(({ name, examples }) =>
  examples.map((example): [string, string, SubcommandExample] => [name, example.typed, example]),
);
describe('every subcommand does what its examples say', () => {
  it.each(examples)('%s %s', (name, typed, example) => {
    const subcommand = subcommands.find((each) => each.name === name);
    const { words = [] } = readCommand(`${name} ${typed}`) as { words?: readonly string[] };
    const outcome = subcommand?.run(words, { ...withIncident, entries: helpEntries }) as Outcome;
    expect(outcome.do).toBe(example.gives);
    if (example.with !== undefined) expect(detailOf(outcome)).toMatchObject(example.with);
  });
});

describe('what is typed in a hurry is understood', () => {
  it.each([
    ['START SEV2 Checkout is down', { kind: 'declare', severity: 'sev2', title: 'Checkout is down' }],
    ['new sev2 Checkout is down', { kind: 'declare', title: 'Checkout is down' }],
    ['open\u00A0sev2\u2003“Checkout  is down”', { kind: 'declare', severity: 'sev2', title: 'Checkout is down' }],
    ['declare p1 A &amp; B &lt;!channel&gt;', { kind: 'declare', severity: 'sev1', title: 'A & B <!channel>' }],
    ['start sev2 <#C0SHOP|shop> is down, ask <@U0BEN|ben>', { title: '#shop is down, ask @ben' }],
    ['start sev3 see <https://shop.example.com|shop.example.com>', { title: 'see https://shop.example.com' }],
    ['Role Take COMMANDER', { command: { do: 'take-role', role: 'commander', userId: 'U0ANA' } }],
    ['mitigated it is served again', { command: { do: 'change-status', to: 'mitigated', reason: 'it is served again' } }],
  ])('%s', (typed, work) => {
    const outcome = say(typed);
    expect(outcome.do).toBe('enqueue');
    expect(outcome.do === 'enqueue' && outcome.work).toMatchObject(work);
  });
});

describe('what is not understood answers with what would be', () => {
  it.each([
    ['strat sev2 all down', /Did you mean start\?[\s\S]*start \[sev1/],
    ['cehck run all', /Did you mean check\?/],
    ['fxi', /Did you mean fix\?/],
    ['severity worse', /"worse" is no severity[\s\S]*severity &lt;sev1/],
    ['fix snapshot-then-treminate i-1', /Did you mean snapshot-then-terminate\?/],
    ['check run nonsense', /"nonsense" is no item[\s\S]*network-acls/],
    ['', /start, status/],
    ['xylophone', /start, status/],
    ['Checkout returns 502', /To open an incident: `\/incident start Checkout returns 502`/],
  ])('%s', (typed, answer) => {
    const outcome = say(typed);
    expect(outcome.do).toBe('tell');
    expect(textOf(outcome)).toMatch(answer);
  });

  it('says where a command works that was typed elsewhere, and changes nothing', () => {
    const outcome = dispatch(readCommand('fix'), context);
    expect(textOf(outcome)).toContain('works in the channel of an incident');
  });

  it('never repeats a mention that was typed as a command', () => {
    expect(textOf(say('<!channel>strat'))).not.toContain('<!channel>');
  });
});

describe('the registry', () => {
  it('has no two subcommands that answer to one name', () => {
    const names = subcommands.flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('describes each on one line, and begins every usage with the name', () => {
    for (const { name, summary, usage } of subcommands) {
      expect(summary.length, name).toBeLessThanOrEqual(100);
      for (const line of usage) expect(line.split(' ')[0]).toBe(name);
    }
  });

  it('prints help that names each of them', () => {
    const outcome = say('help');
    const shown = outcome.do === 'tell' ? JSON.stringify(outcome.message.blocks) : '';
    for (const { name } of subcommands) expect(shown).toContain(`/incident ${name}\``);
  });
});

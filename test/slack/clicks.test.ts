import { describe, expect, it } from 'vitest';
import { type ClickContext, onChoice, onClick } from '../../src/slack/clicks.ts';
import { type Action, actionOf, menuValue, parseAction, parseMenu, parseModal } from '../../src/slack/ids.ts';
import { fixPreview } from '../../src/slack/views/fix-preview.ts';
import { catalogue, incident, NOW, plan, run } from './kit.ts';

const reply = { channelId: 'C0INC42', userId: 'U0ANA' };
const context: ClickContext = { catalogue, commandName: '/incident', userId: 'U0ANA', requestId: 'click-1', now: NOW, reply };
const request = { id: 'click-1', by: 'U0ANA', reply, incident: 42 };
const of = (name: Action['name'], value: object): Action => {
  const { action_id, value: json } = actionOf(name as 'roles', { incident: 42, ...value });
  const parsed = parseAction(action_id, json);
  if (parsed === undefined) throw new Error(`${name} does not take ${json}.`);
  return parsed;
};

describe('a button is work for the queue', () => {
  it.each<[Action['name'], object, object]>([
    ['run-check', { itemId: 'security-groups' }, { kind: 'run-checks', itemIds: ['security-groups'] }],
    ['run-all-checks', {}, { kind: 'run-checks', itemIds: ['load-balancer-and-instances', 'security-groups'] }],
    ['claim-check', { itemId: 'routes' }, { kind: 'command', command: { do: 'claim-check', checkId: 'routes' } }],
    ['take-role', { role: 'scribe' }, { command: { do: 'take-role', role: 'scribe', userId: 'U0ANA', ifFree: true } }],
    ['release-role', { role: 'scribe' }, { command: { do: 'release-role', role: 'scribe' } }],
    ['stop-fix', { runId: 'r1' }, { command: { do: 'stop-fix', runId: 'r1' } }],
    ['finish-task', { taskId: 't1' }, { command: { do: 'finish-task', taskId: 't1' } }],
    ['decline-fix', { runId: 'r1', phase: 2 }, { kind: 'answer-fix', runId: 'r1', phase: 2, approve: false }],
    ['show-timeline', {}, { kind: 'show', what: 'timeline' }],
    ['show-postmortem', {}, { kind: 'show', what: 'postmortem' }],
    ['set-up-again', {}, { kind: 'redraw' }],
  ])('%s', (name, value, work) => {
    expect(onClick(of(name, value), context)).toMatchObject({ do: 'enqueue', work: { ...request, ...work } });
  });
});

describe('a button opens its form at once', () => {
  it.each<[Action['name'], object, string, object | undefined]>([
    ['mark-check', { itemId: 'routes' }, 'mark-check', undefined],
    ['assign-role', { role: 'scribe' }, 'handover', undefined],
    ['mark-mitigated', {}, 'status', undefined],
    ['change-status', {}, 'status', undefined],
    ['change-severity', {}, 'severity', undefined],
    ['post-update', {}, 'update', undefined],
    ['pick-fix', {}, 'pick-fix', { kind: 'list-fixes', words: [], viewId: 'V1' }],
    ['pick-fix', { fixId: 'scale-to-one' }, 'pick-fix', { kind: 'list-fixes', fixId: 'scale-to-one', viewId: 'V1' }],
    [
      'preview-fix',
      { fixId: 'scale-to-one', input: { groupName: 'shop-web' } },
      'preview-fix',
      { kind: 'preview-fix', fixId: 'scale-to-one', input: { groupName: 'shop-web' }, viewId: 'V1' },
    ],
    ['undo-fix', { runId: 'r1' }, 'preview-fix', { kind: 'preview-undo', runId: 'r1', chosen: {}, viewId: 'V1' }],
  ])('%s', (name, value, callback_id, work) => {
    const outcome = onClick(of(name, value), context);
    expect(outcome).toMatchObject({ do: 'open', view: { callback_id } });
    const fill = outcome.do === 'open' ? outcome.fillBy?.('V1') : undefined;
    if (work === undefined) expect(fill).toBeUndefined();
    else expect(fill).toMatchObject({ ...request, ...work });
  });

  it('to declare, without an incident', () => {
    const action = parseAction('open-declare', '{}') as Action;
    expect(onClick(action, context)).toMatchObject({ do: 'open', view: { callback_id: 'declare' } });
  });

  it('reads the incident first where the form shows what it is now', () => {
    const state = incident({ runs: { r1: run() } });
    const shown = (name: Action['name'], value: object): unknown => {
      const outcome = onClick(of(name, value), context);
      return outcome.do === 'load' ? outcome.show(state)?.callback_id : outcome.do;
    };
    expect(shown('roles', {})).toBe('roles');
    expect(shown('show-evidence', { itemId: 'routes' })).toBe('evidence');
    expect(shown('approve-fix', { runId: 'r1', phase: 1 })).toBeUndefined();
  });

  it('says that no probe answers an item that has none', () => {
    expect(onClick(of('run-check', { itemId: 'routes' }), context)).toMatchObject({ do: 'tell' });
  });
});

describe('a choice in a preview', () => {
  const modalOf = (changes: Parameters<typeof run>[0]) => {
    const { callback_id = '', private_metadata = '' } = fixPreview(run(changes), incident(), { ...context });
    return parseModal(callback_id, private_metadata);
  };

  it('previews the same fix anew, in the same modal', () => {
    const outcome = onChoice('change-choice.survivor', 'i-2', modalOf({}), 'V1', context);
    expect(outcome?.do === 'open' && outcome.fillBy?.('V1')).toMatchObject({
      ...request,
      kind: 'preview-fix',
      fixId: 'snapshot-then-terminate',
      input: { instanceId: 'i-0a1', survivor: 'i-2' },
      viewId: 'V1',
    });
  });

  it('previews the same undo anew', () => {
    const modal = modalOf({ undoOf: 'r0', plan: plan({ kind: 'undo', input: { keep: 'no' } }) });
    const outcome = onChoice('change-choice.keep', 'yes', modal, 'V1', context);
    expect(outcome?.do === 'open' && outcome.fillBy?.('V1')).toMatchObject({
      kind: 'preview-undo',
      runId: 'r0',
      chosen: { keep: 'yes' },
    });
  });

  it.each([
    ['an input of a form', 'severity', 'sev1'],
    ['nothing chosen', 'change-choice.survivor', undefined],
  ])('is not %s', (_, actionId, chosen) => {
    expect(onChoice(actionId, chosen, modalOf({}), 'V1', context)).toBeUndefined();
  });
});

describe('ids come back as they were sent, or not at all', () => {
  it('tells equal buttons of one block apart by a suffix that is not part of the name', () => {
    const { action_id, value } = actionOf('take-role', { incident: 42, role: 'scribe' }, 'scribe');
    expect(action_id).toBe('take-role.scribe');
    expect(parseAction(action_id, value)).toEqual({ name: 'take-role', value: { incident: 42, role: 'scribe' } });
  });

  it.each([
    ['of a menu', menuValue('roles', 42), { name: 'roles', value: { incident: 42 } }],
    ['of an item’s menu', menuValue('run-check', 42, 'routes'), { name: 'run-check', value: { incident: 42, itemId: 'routes' } }],
    ['of a menu that is not ours', 'drop-table/42', undefined],
    ['without a number', 'roles/x', undefined],
  ])('%s', (_, value, action) => expect(parseMenu(value)).toEqual(action));

  it.each([
    ['another version', 'run-check', '{"v":0}'],
    ['no JSON', 'run-check', 'x'],
    ['nothing', 'run-check', undefined],
    ['a name that objects have', 'constructor', '{}'],
    ['a role that is none', 'take-role', '{"incident":42,"role":"king"}'],
  ])('%s is not guessed at', (_, actionId, value) => expect(parseAction(actionId, value)).toBeUndefined());

  it('knows no modal of another version', () => {
    expect(parseModal('preview-fix', '{"x":1}')).toBeUndefined();
    expect(parseModal('toString', '{}')).toBeUndefined();
    expect(parseModal('declare', '')).toBeUndefined();
  });
});

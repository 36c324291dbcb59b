import { describe, expect, it } from 'vitest';
import type { Modal } from '../../src/slack/ids.ts';
import { onSubmit, type ViewValues } from '../../src/slack/submissions.ts';

const reply = { channelId: 'C0INC42', userId: 'U0ANA' };
const context = { userId: 'U0ANA', requestId: 'submit-1', reply };

type Given = Readonly<Record<string, string | readonly string[]>>;
/** A typed text, a chosen option or person, or ticked boxes: what the block's element would hold. */
const values = (given: Given): ViewValues =>
  Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      {
        [name]:
          typeof value !== 'string'
            ? { selected_options: value.map((each) => ({ value: each })) }
            : name === 'to' && value.startsWith('U0')
              ? { selected_user: value }
              : ['severity', 'service', 'mark', 'role', 'to'].includes(name)
                ? { selected_option: { value } }
                : { value },
      },
    ]),
  );
const incident = 42;
const preview = { incident, runId: 'r1', fixId: 'f', input: {} };

describe('a form that is filled in', () => {
  it.each<[string, Modal, Given, object]>([
    [
      'opens an incident',
      { name: 'declare', metadata: { channelId: 'C0SHOP' } },
      { title: ' All down ', severity: 'sev1', service: 'shop', drill: ['drill'] },
      { kind: 'declare', title: 'All down', severity: 'sev1', serviceId: 'shop', drill: true, sourceChannelId: 'C0SHOP' },
    ],
    ['starts a fix', { name: 'preview-fix', metadata: preview }, {}, { kind: 'start-fix', runId: 'r1', acknowledged: [] }],
    [
      'starts a fix that was read, ticked and typed',
      { name: 'preview-fix', metadata: { ...preview, acknowledge: ['hooks', 'fails-open'], mustType: 'i-0a1' } },
      { acknowledge: ['0', '1'], typed: ' i-0a1 ' },
      { kind: 'start-fix', acknowledged: ['hooks', 'fails-open'], typed: 'i-0a1' },
    ],
    [
      'approves',
      { name: 'approve-fix', metadata: { incident, runId: 'r1', phase: 2, mustType: 'i-0a1' } },
      { typed: 'i-0a1', 'break-glass': 'nobody is awake' },
      { kind: 'answer-fix', phase: 2, approve: true, typed: 'i-0a1', breakGlass: 'nobody is awake' },
    ],
    [
      'marks an item',
      { name: 'mark-check', metadata: { incident, itemId: 'routes' } },
      { mark: 'not-applicable', note: 'no peering' },
      { command: { do: 'mark-check', checkId: 'routes', mark: 'not-applicable', note: 'no peering' } },
    ],
    [
      'hands over',
      { name: 'handover', metadata: { incident } },
      { role: 'scribe', to: 'U0BEN' },
      { command: { do: 'take-role', role: 'scribe', userId: 'U0BEN' } },
    ],
    [
      'changes the status to what the button said',
      { name: 'status', metadata: { incident, to: 'mitigated' } },
      { reason: 'served' },
      { command: { do: 'change-status', to: 'mitigated', reason: 'served' } },
    ],
    [
      'changes the severity',
      { name: 'severity', metadata: { incident } },
      { to: 'sev1', reason: 'worse' },
      { command: { do: 'change-severity', to: 'sev1', reason: 'worse' } },
    ],
    [
      'posts an update',
      { name: 'update', metadata: { incident } },
      { text: 'We know' },
      { command: { do: 'post-update', text: 'We know' } },
    ],
  ])('%s', (_, modal, given, work) => {
    const request = { id: 'submit-1', by: 'U0ANA', reply };
    expect(onSubmit(modal, values(given), context)).toMatchObject({ do: 'enqueue', work: { ...request, ...work } });
  });
});

describe('a form that is not', () => {
  const typing = { ...preview, mustType: 'i-0a1' };
  it.each<[string, Modal, Given, string]>([
    ['a title of spaces', { name: 'declare', metadata: {} }, { title: ' ', severity: 'sev1' }, 'title'],
    ['no severity', { name: 'declare', metadata: {} }, { title: 'x' }, 'severity'],
    [
      'one box of two',
      { name: 'preview-fix', metadata: { ...preview, acknowledge: ['a', 'b'] } },
      { acknowledge: ['0'] },
      'acknowledge',
    ],
    ['another id', { name: 'preview-fix', metadata: typing }, { typed: 'i-0a2' }, 'typed'],
    ['no id', { name: 'preview-fix', metadata: typing }, {}, 'typed'],
    [
      'another id, approving',
      { name: 'approve-fix', metadata: { incident, runId: 'r1', phase: 2, mustType: 'i-0a1' } },
      { typed: 'I-0A1' },
      'typed',
    ],
    ['no mark', { name: 'mark-check', metadata: { incident, itemId: 'routes' } }, {}, 'mark'],
    ['nobody', { name: 'handover', metadata: { incident } }, { role: 'scribe' }, 'to'],
    ['no status', { name: 'status', metadata: { incident } }, { reason: 'x' }, 'to'],
    ['no reason', { name: 'severity', metadata: { incident } }, { to: 'sev1', reason: ' ' }, 'reason'],
    ['nothing to say', { name: 'update', metadata: { incident } }, { text: '\n' }, 'text'],
  ])('says what is missing: %s', (_, modal, given, block) => {
    const answer = onSubmit(modal, values(given), context);
    expect(answer.do).toBe('errors');
    expect(answer.do === 'errors' && Object.keys(answer.errors)).toEqual([block]);
  });

  it('closes when there was nothing to send', () => {
    for (const name of ['evidence', 'roles', 'pick-fix'] as const)
      expect(onSubmit({ name, metadata: { incident } }, {}, context)).toEqual({ do: 'close' });
    expect(onSubmit({ name: 'preview-fix', metadata: { incident } }, {}, context)).toEqual({ do: 'close' });
  });
});

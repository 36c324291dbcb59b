/** What people see, asserted piece by piece; and what no state whatever may break. */
import type { InputBlock } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blocksTooLong, messageBlockComplaints, viewComplaints } from '../../sandbox/slack/blocks/validate.ts';
import type { FixRun, Incident } from '../../src/incident/state.ts';
import type { ChatMessage } from '../../src/ports.ts';
import { MESSAGE_BLOCKS_MAX } from '../../src/slack/limits.ts';
import { approvalModal } from '../../src/slack/views/approval.ts';
import { severityModal, statusModal, updateModal } from '../../src/slack/views/change-modals.ts';
import { channelNameFor, topicFor } from '../../src/slack/views/channel.ts';
import { evidenceModal, markCheckModal } from '../../src/slack/views/check-modals.ts';
import { checklist } from '../../src/slack/views/checklist.ts';
import { declareModal } from '../../src/slack/views/declare.ts';
import { digestLine } from '../../src/slack/views/digest.ts';
import { fixPicker, fixPickerLoading } from '../../src/slack/views/fix-picker.ts';
import { fixPreview, fixPreviewLoading, fixRefused } from '../../src/slack/views/fix-preview.ts';
import { headline } from '../../src/slack/views/headline.ts';
import { list } from '../../src/slack/views/list.ts';
import { postmortem } from '../../src/slack/views/postmortem.ts';
import { quickFixes } from '../../src/slack/views/quick-fixes.ts';
import { handoverModal, roleDuties, rolesModal } from '../../src/slack/views/roles.ts';
import { runProgress } from '../../src/slack/views/run-progress.ts';
import { served } from '../../src/slack/views/served.ts';
import { timeline } from '../../src/slack/views/timeline.ts';
import { refused, told } from '../../src/slack/views/told.ts';
import { update } from '../../src/slack/views/update.ts';
import { exactSpan, span } from '../../src/slack/views/words.ts';
import { catalogue, check, incident, NOW, plan, run, stopped, view } from './kit.ts';

const shown = ({ blocks }: { readonly blocks: readonly unknown[] }): string => JSON.stringify(blocks);
type Labelled = { text?: { text: string }; accessibility_label?: string; action_id?: string };
const elementsIn = (blocks: readonly unknown[]): Labelled[] =>
  (blocks as { elements?: Labelled[]; accessory?: Labelled }[]).flatMap(({ elements = [], accessory }) => [
    ...elements,
    ...(accessory === undefined ? [] : [accessory]),
  ]);
const pressable = (message: { readonly blocks: readonly unknown[] }): Labelled[] =>
  elementsIn(message.blocks).filter((each) => (each as { type?: string }).type === 'button');
const buttons = (message: { readonly blocks: readonly unknown[] }): (string | undefined)[] =>
  pressable(message).map(({ text }) => text?.text);

describe('the headline', () => {
  const busy = incident({
    symptoms: [
      {
        text: '502 Bad Gateway',
        decoded: 'the target answered badly',
        points: ['load-balancer-and-instances'],
        by: 'U0ANA',
        at: '2026-05-04T14:03:00.000Z',
      },
    ],
    checks: {
      'load-balancer-and-instances': check(),
      'security-groups': check({ state: 'pass', because: 'open', suggests: [] }),
    },
    attempts: [{ key: 'reboot i 0a1', what: 'reboot i-0a1', result: 'still 502', by: 'U0BEN', at: '2026-05-04T14:09:00.000Z' }],
    attemptCount: 1,
  });

  it('says how bad, since when, who, what is seen, found, tried, and not checked yet', () => {
    const text = shown(headline(busy, view));
    expect(text).toContain('*SEV2 · Checkout returns 502*   #0042');
    expect(text).toMatch(
      /\*Investigating\* · started <!date\^1777903320\^\{time\}\|14:02 UTC> \(12 min\) · next update due <!date/,
    );
    expect(text).toContain('Incident Commander – · Operations <@U0ANA> · Communications –');
    expect(text).toContain('“502 Bad Gateway” (decoded: the target answered badly) → look at Load balancer and instances');
    expect(text).toContain('🔴 Load balancer and instances (fail): i-0a1 unhealthy');
    expect(text).toContain('*Passed*   🟢 Security groups');
    expect(text).toMatch(/14:09 UTC> reboot i-0a1 → still 502 {3}<@U0BEN>/);
    expect(text).toMatch(/\*Not checked yet\* {3}What changed, and who is hit · DNS and certificates · Capacity · Network ACLs/);
  });

  it('offers the best fix first, and nothing is taken that is not shown before', () => {
    const message = headline(busy, view);
    expect(shown(message)).toContain('*Next best*   Snapshot and terminate: i-0a1 alone answers 502');
    expect(buttons(message)).toEqual([
      'Take Incident Commander',
      'Take Communications',
      'Take Scribe',
      'Snapshot and terminate…',
      'Other fixes',
      'Run all checks',
      'Mark mitigated',
    ]);
  });

  const servedRun = run({
    status: 'done',
    servedAt: '2026-01-05T14:11:00.000Z',
    steps: { detach: { status: 'done', startedAt: '2026-01-05T14:09:00.000Z' } },
  });
  it.each<[string, Partial<Incident>, string]>([
    ['nothing is checked', {}, 'Run all checks'],
    ['a run is under way', { runs: { r1: run({ status: 'running' }) } }, 'Under way: Snapshot and terminate i-0a1'],
    ['a fix has seen users served', { runs: { r1: servedRun }, servedAt: servedRun.servedAt! }, 'Users are served again since'],
    ['a fix had seen users served before it was reopened', { runs: { r1: servedRun } }, 'Run all checks'],
    ['users are served', { status: 'mitigated', checks: busy.checks }, 'Users are served again. Find the cause'],
    ['it is over', { status: 'resolved' }, 'Write down what was learnt'],
    [
      'the best fix was tried',
      { checks: busy.checks, runs: { r1: stopped() } },
      'Load balancer and instances: it still fails after what was tried.',
    ],
    [
      'everything passes',
      {
        checks: Object.fromEntries(
          catalogue.checklist.items.map(({ id }) => [id, check({ state: 'pass', because: 'fine', suggests: [] })]),
        ),
      },
      'Check by hand',
    ],
  ])('knows what is next when %s', (_, changes, next) => {
    expect(shown(headline(incident(changes), view))).toContain(`*Next best*   ${next}`);
  });

  it('says what is missing around the incident, until it is there', () => {
    const message = headline(incident({ missing: { digest: { why: 'The channel is archived.', mend: 'Unarchive it.' } } }), view);
    expect(shown(message)).toContain('Missing: digest. The channel is archived. Unarchive it.');
    expect(buttons(message)).toContain('Try again');
    expect(buttons(headline(incident(), view))).not.toContain('Try again');
  });

  it('says that an update is overdue', () => {
    expect(shown(headline(incident(), { ...view, now: NOW + 30 * 60_000 }))).toContain('*update overdue* since');
  });

  it('says that fixes are frozen, by whom and why', () => {
    const frozen = { by: 'U0BEN', at: '2026-05-04T14:10:00.000Z', reason: 'two at once' };
    expect(shown(headline(incident({ frozen }), view))).toContain('*fixes frozen* by <@U0BEN>: two at once');
  });
});

describe('the checklist', () => {
  const message = checklist(
    incident({ checks: { 'load-balancer-and-instances': check({ was: 'pass', claimedBy: 'U0BEN' }) } }),
    view,
  );

  it('shows each item with sign and word, one line of evidence, who and when', () => {
    expect(message.text).toBe('Checklist: 1 of 9 answered, 1 failed');
    expect(shown(message)).toMatch(
      /🔴 \*Load balancer and instances\* · fail \(was pass\) {3}✋ <@U0BEN> {3}Firebreak <!date\^\d+\^\{time\}\|14:05 UTC>/,
    );
    expect(shown(message)).toContain('i-0a1 unhealthy: health check expects 200, gets 502');
    expect(shown(message)).toContain('⚪ *Network ACLs* · not run');
  });

  it('gives every button a label of its own for who cannot see its row', () => {
    const labels = pressable(message).map(({ accessibility_label }) => accessibility_label);
    expect(labels).not.toContain(undefined);
    expect(labels.filter((label, index) => labels.indexOf(label) !== index)).toEqual([]);
    expect(labels).toContain('Run Security groups');
    expect(labels).toContain('Claim Network ACLs');
  });

  it('offers to run only what a probe answers', () => {
    const ran = elementsIn(message.blocks).filter(({ action_id }) => action_id === 'run-check');
    expect(ran.map(({ accessibility_label }) => accessibility_label)).toEqual([
      'Run Load balancer and instances',
      'Run Security groups',
    ]);
  });

  it('has nothing to press when it is over, but the evidence', () => {
    const over = checklist(incident({ status: 'resolved', checks: { 'security-groups': check() } }), view);
    expect(buttons(over)).toEqual(['Evidence']);
  });

  it('folds away what needs nobody, and can still do everything with it', () => {
    const passed = checklist(incident({ checks: { 'security-groups': check({ state: 'pass' }) } }), view);
    const menus = elementsIn(passed.blocks).filter((each) => (each as { type?: string }).type === 'overflow');
    expect(menus).toMatchObject([
      {
        options: [
          { text: { text: 'Evidence of Security groups' }, value: 'show-evidence/42/security-groups' },
          { text: { text: 'Run Security groups' }, value: 'run-check/42/security-groups' },
          { text: { text: 'Mark Security groups by hand' }, value: 'mark-check/42/security-groups' },
          { text: { text: 'Claim Security groups' }, value: 'claim-check/42/security-groups' },
        ],
      },
    ]);
  });
});

describe('a fix before it runs', () => {
  const previewed = run();

  it('is the plan: steps with their undo, promise, guards, notes, permission', () => {
    const modal = fixPreview(previewed, incident(), view);
    const text = shown(modal);
    expect(modal).toMatchObject({ callback_id: 'preview-fix', submit: { text: 'Start' }, close: { text: 'Cancel' } });
    expect(text).toContain('1. Detach i-0a1 from shop-web, same capacity · undo: attach again');
    expect(text).toContain('2. Wait until the replacement serves · about 90 s');
    expect(text).toContain('3. Terminate i-0a1 · *irreversible*');
    expect(text).toContain('*Users* served by a replacement in about 90 s');
    expect(text).toContain('Guards: 2 of 2 passed');
    expect(text).toContain('• launches version 7; i-0a1 runs version 6');
    expect(text).toContain('*May do exactly this and nothing else*');
    expect(text).toContain('• DetachInstances of shop-web');
  });

  it('asks to type the target only where the start covers what cannot be undone', () => {
    expect(shown(fixPreview(previewed, incident({ severity: 'sev2' }), view))).not.toContain('Type i-0a1');
    const modal = fixPreview(previewed, incident({ severity: 'sev1' }), view);
    expect(shown(modal)).toContain('Type i-0a1 to confirm');
    expect(JSON.parse(modal.private_metadata ?? '')).toMatchObject({ mustType: 'i-0a1', runId: 'r1' });
  });

  it('has a box for each thing to acknowledge, and for the last of very many', () => {
    const guards = (count: number) =>
      Array.from({ length: count }, (_, at) => ({
        id: `g${at}`,
        title: `G${at}`,
        result: { outcome: 'acknowledge', because: `Because ${at}.` } as const,
      }));
    const boxes = (count: number) => {
      const modal = fixPreview(run({ guards: guards(count) }), incident(), view);
      expect(viewComplaints(modal)).toEqual([]);
      const block = modal.blocks.find((each) => each.block_id === 'acknowledge') as
        | { element: { options: unknown[] } }
        | undefined;
      return block?.element.options.length ?? 0;
    };
    expect([boxes(0), boxes(1), boxes(10), boxes(25)]).toEqual([0, 1, 10, 10]);
  });

  it('refused says why, what would make it possible, and offers what may be done instead; there is no start', () => {
    const reports = [
      {
        id: 'last',
        title: 'Last healthy',
        result: {
          outcome: 'refuse',
          because: 'i-0a1 is the last healthy target of shop-web.',
          toMakePossible: 'Scale out by one first.',
          instead: { fixId: 'scale-to-one', input: { groupName: 'shop-web' }, why: '' },
        } as const,
      },
    ];
    const modal = fixRefused(
      { headline: 'Snapshot and terminate i-0a1', reports, because: '', toMakePossible: '' },
      incident(),
      view,
    );
    expect(modal.submit).toBeUndefined();
    expect(shown(modal)).toContain('last healthy target');
    expect(shown(modal)).toContain('*What would make it possible:* Scale out by one first.');
    expect(buttons(modal)).toEqual(['Instead: Scale to one…']);
    expect(fixPreview(run({ guards: reports }), incident(), view).submit).toBeUndefined();
  });

  it('that has changed says first what is different', () => {
    const modal = fixPreview(previewed, incident(), view, { differs: ['the instance is i-0a2'] });
    expect(shown({ blocks: modal.blocks.slice(0, 1) })).toContain('• the instance is i-0a2');
  });
});

describe('a fix while it runs', () => {
  const running = run({
    status: 'running',
    requestedAt: '2026-05-04T14:09:00.000Z',
    servedAt: '2026-05-04T14:11:04.000Z',
    steps: {
      detach: {
        status: 'done',
        startedAt: '2026-05-04T14:09:10.000Z',
        finishedAt: '2026-05-04T14:09:52.000Z',
        found: 'detached',
      },
      replace: { status: 'running', startedAt: '2026-05-04T14:12:00.000Z', found: '1 of 2 healthy' },
    },
  });

  it('is the same lines, each with sign, word and time', () => {
    const text = shown(runProgress(running, incident(), view));
    expect(text).toContain('🟢 1. Detach i-0a1 from shop-web, same capacity · done · 42 s · detached');
    expect(text).toContain('⏳ 2. Wait until the replacement serves · running · 2 min 0 s · 1 of 2 healthy');
    expect(text).toContain('⚪ 3. Terminate i-0a1 · to come · *irreversible*');
    expect(text).toContain('users served after 2 min 4 s');
    expect(buttons(runProgress(running, incident(), view))).toEqual(['Stop after this step']);
  });

  it.each<[string, FixRun, string[]]>([
    ['asked to stop', { ...running, stopRequestedBy: 'U0ANA' }, []],
    ['stopped after acting', stopped(), ['Undo…']],
    ['undone', { ...stopped(), undoneBy: 'r2' }, []],
    [
      'waiting for its last approval',
      {
        ...stopped(),
        status: 'awaiting-second-approval',
        approval: { phase: 2, callbackId: 'c', expiresAt: '2026-05-04T14:30:00.000Z', who: 'another-person' },
      },
      ['Approve…', 'Decline', 'Undo…'],
    ],
    [
      'done, the irreversible included',
      {
        ...stopped(),
        status: 'done',
        steps: { ...stopped().steps, terminate: { status: 'done', startedAt: '2026-05-04T14:09:10.000Z' } },
      },
      [],
    ],
    ['over before it did anything', run({ status: 'declined' }), []],
  ])('offers what is possible when it is %s', (_, state, expected) => {
    expect(buttons(runProgress(state, incident(), view))).toEqual(expected);
  });

  it('asks who has to agree, and who asked alone for a reason', () => {
    const waiting = run({
      status: 'awaiting-approval',
      approval: { phase: 1, callbackId: 'c', expiresAt: '2026-05-04T14:30:00.000Z', who: 'another-person' },
    });
    expect(shown(runProgress(waiting, incident(), view))).toContain('Another person than the one who asked has to agree.');
    expect(shown(approvalModal(waiting, incident(), 'U0BEN', view) ?? { blocks: [] })).toContain('Break-glass');
    expect(shown(approvalModal(waiting, incident(), 'U0ANA', view) ?? { blocks: [] })).not.toContain('Break-glass');
    expect(approvalModal(run(), incident(), 'U0ANA', view)).toBeUndefined();
  });

  it('ends in one sentence', () => {
    expect(served(running, incident()).text).toMatch(
      /^Served again at <!date\^\d+\^\{time\}\|14:11 UTC> \(2 min 4 s after the click\)\. Cause still unknown: it is for <@U0ANA> to find\.$/,
    );
  });
});

describe('names and times', () => {
  it.each([
    ['Checkout returns 502', 1, 'inc-0042-checkout-returns-502'],
    ['Checkout returns 502', 3, 'inc-0042-checkout-returns-502-3'],
    ['  Größe & Straße!! ', 1, 'inc-0042-grosse-strasse'],
    ['日本語', 1, 'inc-0042'],
    ['🔥🔥', 2, 'inc-0042-2'],
    [`${'x'.repeat(200)}`, 2, `inc-0042-${'x'.repeat(69)}-2`],
  ])('%s, attempt %i → %s', (title, attempt, name) => {
    expect(channelNameFor(incident({ title }), attempt)).toBe(name);
  });

  it.each([
    [-5, '0 s'],
    [59_999, '59 s'],
    [12 * 60_000, '12 min'],
    [125 * 60_000, '2 h 5 min'],
    [76 * 3_600_000, '3 d 4 h'],
  ])('%i ms is %s', (ms, words) => expect(span(ms)).toBe(words));
  it('measures to the second', () => expect([exactSpan(124_400), exactSpan(3_000)]).toEqual(['2 min 4 s', '3 s']));
});

/** Anything a person or AWS may have written: very long, full of markup, in every script. */
const nasty = fc.oneof(
  fc.constantFrom(
    '<!channel>',
    '<!here|x> & <@U0EVE>',
    '```',
    '*_~`',
    '\u202Eevil',
    '<!subteam^S1>',
    '&lt;!everyone&gt;',
    '',
    '\n\n',
    '>quote',
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ maxLength: 20 }).map((text) => `${text}<!channel>&`.repeat(200)),
);
const iso = fc.integer({ min: Date.parse('2026-05-01'), max: NOW }).map((ms) => new Date(ms).toISOString());
const who = fc.constantFrom('U0ANA', 'bot', '<!channel>');
const anyPlan = fc
  .record({
    headline: nasty,
    // AWS names are no longer than this.
    target: nasty.map((text) => text.slice(0, 255)),
    users: nasty,
    title: nasty,
    found: nasty,
    options: fc.array(fc.record({ value: fc.string({ minLength: 1, maxLength: 200 }), label: nasty }), { maxLength: 120 }),
  })
  .map(({ headline: line, target, users, title, options }) =>
    plan({
      headline: line,
      target,
      title,
      promise: { users, data: users, undo: users },
      steps: plan().steps.map((step) => ({ ...step, title: line, undo: step.undo === 'nothing' ? { title: users } : step.undo })),
      choices: [
        {
          input: 'survivor',
          label: title,
          chosen: options[0]?.value ?? '',
          options: [...new Map(options.map((one) => [one.value, one])).values()],
        },
      ],
    }),
  );
const anyGuards = fc.array(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 30 }),
    title: nasty,
    result: fc.oneof(
      fc.record({ outcome: fc.constant('pass' as const), note: nasty }),
      fc.record({ outcome: fc.constant('acknowledge' as const), because: nasty }),
      fc.record({ outcome: fc.constant('refuse' as const), because: nasty, toMakePossible: nasty }),
    ),
  }),
  { maxLength: 40 },
);
const anyRun: fc.Arbitrary<FixRun> = fc
  .record({
    plan: anyPlan,
    guards: anyGuards,
    status: fc.constantFrom(
      'previewed',
      'requested',
      'awaiting-approval',
      'running',
      'awaiting-second-approval',
      'done',
      'failed',
      'uncertain',
    ),
    found: nasty,
    at: iso,
  })
  .map(({ found, at, status, ...rest }) =>
    run({
      ...rest,
      status: status as FixRun['status'],
      requestedAt: at,
      servedAt: at,
      approval: { phase: 1, callbackId: 'c', expiresAt: at, who: 'another-person' },
      steps: Object.fromEntries(
        rest.plan.steps.map(({ id }) => [id, { status: 'done', startedAt: at, finishedAt: at, found, seen: { found } }]),
      ),
      approvedBy: [{ phase: 1, by: 'U0ANA', at, breakGlass: found }],
      ended: { at, text: found, remains: [found, found] },
    }),
  );
const anyIncident: fc.Arbitrary<Incident> = fc
  .record({
    title: nasty,
    status: fc.constantFrom('investigating', 'identified', 'mitigated', 'resolved', 'closed'),
    severity: fc.constantFrom('sev1', 'sev2', 'sev3', 'sev4'),
    drill: fc.boolean(),
    text: nasty,
    by: who,
    at: iso,
    count: fc.integer({ min: 0, max: 40 }),
    state: fc.constantFrom('pass', 'fail', 'unknown', 'running', 'not-applicable'),
    fixRun: anyRun,
    missing: fc.dictionary(fc.string({ minLength: 1, maxLength: 60 }), fc.record({ why: nasty, mend: nasty }), { maxKeys: 12 }),
  })
  .map(({ text, by, at, count, state, fixRun, ...rest }) => {
    const many = <T>(thing: T): T[] => Array.from({ length: count }, () => thing);
    return incident({
      ...(rest as Partial<Incident>),
      symptoms: many({ text, decoded: text, points: [], by, at }),
      attempts: many({ key: 'k', what: text, result: text, by, at }),
      attemptCount: count,
      tasks: many({ id: 't1', text, owner: by, done: false }),
      checks: Object.fromEntries(
        catalogue.checklist.items.map(({ id }) => [
          id,
          check({
            state: state as 'fail',
            because: text,
            evidence: many(text),
            by,
            at,
            claimedBy: by,
            suggests: many({ fixId: 'scale-to-one', input: { groupName: text.slice(0, 60) }, why: text }),
          }),
        ]),
      ),
      frozen: { by, at, reason: text },
      proposed: { scribe: { userId: by, why: text } },
      roles: { commander: { userId: by, since: at } },
      runs: { r1: fixRun },
    });
  });

/** Our own dates begin with `<!`; nothing else may, and nobody but single people may be named. */
const pings = (value: unknown): readonly string[] => textsIn(value).flatMap((text) => text.match(/<!(?!date\^)[^>]*/g) ?? []);
/** What is read by people; values and metadata come back to us alone. */
const textsIn = (value: unknown): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    typeof each !== 'string' ? textsIn(each) : key === 'text' ? [each] : [],
  );
};
const sound = (message: ChatMessage): void => {
  expect(messageBlockComplaints(message.blocks)).toEqual([]);
  expect(message.blocks.length).toBeLessThanOrEqual(MESSAGE_BLOCKS_MAX);
  expect(blocksTooLong([...message.blocks])).toBe(false);
  expect(message.text.length).toBeLessThanOrEqual(40_000);
  expect(pings(message)).toEqual([]);
};

describe('whatever the state', () => {
  it('every message is one that Slack takes, and pings nobody', () => {
    fc.assert(
      fc.property(anyIncident, nasty, (state, text) => {
        const fixRun = Object.values(state.runs)[0] as FixRun;
        const lines = Array.from({ length: 100 }, () => ({ at: state.declaredAt, by: 'U0ANA', text }));
        const messages = [
          headline(state, view),
          checklist(state, view),
          quickFixes(state, view),
          runProgress(fixRun, state, view),
          served(fixRun, state),
          digestLine(state, view),
          list(
            Array.from({ length: 60 }, () => state),
            view,
          ),
          timeline(state, lines),
          postmortem(state, text.repeat(20)),
          roleDuties('commander', state, view),
          update(state, text, 'U0ANA'),
          refused({ refused: text, tryThis: text }, view),
        ];
        for (const message of messages) sound(message);
      }),
      { numRuns: 60 },
    );
  });

  it('every modal is one that Slack takes, and pings nobody', () => {
    fc.assert(
      fc.property(anyIncident, nasty, (state, text) => {
        const fixRun = Object.values(state.runs)[0] as FixRun;
        const rows = catalogue.fixes.map((fix) => ({
          fix,
          candidates: Array.from({ length: 30 }, () => ({ input: { id: text.slice(0, 60) }, label: text })),
        }));
        const modals = [
          fixPreview(fixRun, state, view, { differs: [text, text] }),
          fixRefused({ headline: text, reports: fixRun.guards, because: text, toMakePossible: text }, state, view),
          fixPicker(state, rows, view, text),
          approvalModal(fixRun, state, 'U0BEN', view),
          evidenceModal(state, catalogue, 'security-groups'),
          rolesModal(state, view),
        ];
        for (const modal of modals) {
          expect(viewComplaints(modal)).toEqual([]);
          expect(pings(modal)).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('a topic fits and pings nobody', () => {
    fc.assert(
      fc.property(nasty, (title) => {
        const topic = topicFor(incident({ title }));
        expect([...topic].length).toBeLessThanOrEqual(250);
        expect(pings({ text: topic })).toEqual([]);
        expect(channelNameFor(incident({ title }))).toMatch(/^inc-0042[a-z0-9-]{0,72}$/);
      }),
    );
  });

  it('every form is one that Slack takes, and every input has a label', () => {
    const place = { incident: 42, channelId: 'C1' };
    for (const modal of [
      declareModal(catalogue, {}, { title: 'x', severity: 'sev1', serviceId: 'shop' }),
      declareModal({ ...catalogue, services: [] }, {}),
      markCheckModal(catalogue, 'routes', place),
      statusModal(place),
      statusModal(place, 'mitigated'),
      severityModal(catalogue, place, 'sev1'),
      updateModal(place),
      handoverModal(42, view, { role: 'commander' }),
      fixPickerLoading(place),
      fixPreviewLoading(place),
    ]) {
      expect(viewComplaints(modal)).toEqual([]);
      const inputs = modal.blocks.filter(({ type }) => type === 'input') as InputBlock[];
      for (const { label } of inputs) expect(label.text.length).toBeGreaterThan(1);
    }
  });

  it('what is told stays one message', () => sound(told('x <@U0ANA> '.repeat(2_000))));
});

describe('the digest line', () => {
  it('has the button that mends it, when the incident has no channel and so no headline', () => {
    const { channel: _, ...without } = incident();
    const lost = digestLine({ ...without, missing: { channel: { why: 'The scope channels:manage is missing.' } } }, view);
    expect(shown(lost)).toContain('It has no channel. The scope channels:manage is missing.');
    expect(buttons(lost)).toEqual(['Try again']);
    expect(buttons(digestLine(incident(), view))).toEqual([]);
  });
});

// What reaches the machine from outside: Slack by HTTP or by a socket, anybody by HTTP, and rubbish in the queue.
import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { SIGNING_SECRET } from '../../sandbox/stack.ts';
import { EVENTS_PATH } from '../../src/machine.ts';
import { expectWhole, headlineSays, INCIDENT, incidentOf, open, type Scene, startScene } from './kit.ts';

let scene: Scene;
afterEach(() => scene.close());

test('by Socket Mode the machine listens on no port, and commands, buttons and forms work', async () => {
  scene = await startScene({ socketMode: true });
  expect(scene.machine.port).toBeUndefined();
  await open(scene);
  await scene.ana.press(INCIDENT, /^Take .*Commander/);
  await scene.ana.press(INCIDENT, 'Mark mitigated');
  await scene.ana.submit(/./, { 'What made it better': 'The replacement serves' });
  await scene.ana.until('the status', headlineSays('Mitigated'));
  await scene.quiet();
  expect(await incidentOf(scene)).toMatchObject({ status: 'mitigated', roles: { commander: { userId: 'U0ANA' } } });
  await expectWhole(scene);
});

type Sent = {
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly path?: string;
};
const send = ({ body, headers = {}, method = 'POST', path = EVENTS_PATH }: Sent): Promise<number> =>
  new Promise((resolve, reject) => {
    const port = scene.machine.port ?? 0;
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode ?? 0));
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });

const FORM = 'application/x-www-form-urlencoded';
const COMMAND =
  'command=%2Fincident&text=help&user_id=U0ANA&channel_id=C0SHOP&trigger_id=1.2&response_url=http%3A%2F%2F127.0.0.1%3A1%2F';
const signed = (
  body: string | Buffer,
  { agedSeconds = 0, secret = SIGNING_SECRET, type = FORM } = {},
): Readonly<Record<string, string>> => {
  const timestamp = String(Math.floor(Date.now() / 1_000) - agedSeconds);
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex');
  return { 'content-type': type, 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${signature}` };
};

describe('by HTTP', () => {
  const rows: readonly (readonly [name: string, sent: () => Sent, status: readonly number[]])[] = [
    ['a signed command', () => ({ body: COMMAND, headers: signed(COMMAND) }), [200]],
    ['a signature of another secret', () => ({ body: COMMAND, headers: signed(COMMAND, { secret: 'other' }) }), [401]],
    ['a request of ten minutes ago', () => ({ body: COMMAND, headers: signed(COMMAND, { agedSeconds: 600 }) }), [401]],
    ['a request from the future', () => ({ body: COMMAND, headers: signed(COMMAND, { agedSeconds: -600 }) }), [401]],
    ['a body that was changed', () => ({ body: `${COMMAND}x`, headers: signed(COMMAND) }), [401]],
    ['no signature', () => ({ body: COMMAND, headers: { 'content-type': FORM } }), [401]],
    ['a signature that is none', () => ({ body: COMMAND, headers: { ...signed(COMMAND), 'x-slack-signature': 'é' } }), [401]],
    [
      'a timestamp that is none',
      () => ({ body: COMMAND, headers: { ...signed(COMMAND), 'x-slack-request-timestamp': 'soon' } }),
      [401],
    ],
    ['an empty body', () => ({ body: '', headers: signed('') }), [400, 401, 404]],
    ['signed rubbish', () => ({ body: '%%%', headers: signed('%%%') }), [400, 404]],
    ['signed JSON that is none', () => ({ body: '{', headers: signed('{', { type: 'application/json' }) }), [400]],
    ['a payload that is no JSON', () => ({ body: 'payload=%7B', headers: signed('payload=%7B') }), [400]],
    ['a payload that is null', () => ({ body: 'payload=null', headers: signed('payload=null') }), [400]],
    ['an interaction without anything in it', () => ({ body: 'payload=%7B%7D', headers: signed('payload=%7B%7D') }), [400, 404]],
    [
      'bytes that are no text',
      () => ({ body: Buffer.from([0xff, 0xfe, 0, 0xc3]), headers: signed(Buffer.from([0xff, 0xfe, 0, 0xc3])) }),
      [400, 401, 404],
    ],
    ['a signed list', () => ({ body: '[]', headers: signed('[]', { type: 'application/json' }) }), [400]],
    ['five megabytes', () => ({ body: 'x'.repeat(5_000_000), headers: signed('x') }), [413]],
    ['another path', () => ({ body: COMMAND, headers: signed(COMMAND), path: '/etc/passwd' }), [404]],
    ['another method', () => ({ body: '', method: 'GET' }), [404, 405]],
  ];
  test('nobody without a signature gets in, malformed requests are refused, and none of them ends the machine', async () => {
    scene = await startScene();
    // What is signed and means nothing is answered when Slack would have given up: so all at once.
    const answers = await Promise.all(rows.map(async ([name, sent, wanted]) => ({ name, status: await send(sent()), wanted })));
    const wrong = answers.filter(({ status, wanted }) => !wanted.includes(status));
    expect(wrong).toEqual([]);
    await open(scene);
    await scene.quiet();
    await expectWhole(scene);
  });

  test('a command in letters of other scripts is taken as it was typed', async () => {
    scene = await startScene();
    await open(scene, 'Checkout ✗ – ошибка 502 sehr böse 日本');
    await scene.quiet();
    expect((await incidentOf(scene)).title).toBe('Checkout ✗ – ошибка 502 sehr böse 日本');
  });
});

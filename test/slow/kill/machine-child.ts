/**
 * The bot as `npm start` runs it, in a process that can be killed: on a table in a folder, with a clock that its parent names.
 * Everything is loaded first and started when the parent says so, so that one life follows another at once.
 *
 * The table is this process's own and dies with it. It is reached through a line that counts writes: told to, the process
 * kills itself right before or right after the n-th commit of an incident, without a moment for anything else.
 */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { createClock } from '../../../src/adapters/clock.ts';
import { startEmbeddedTable } from '../../../src/adapters/dynamo/embedded-table.ts';
import { readMachineConfig } from '../../../src/config.ts';
import { type Machine, startMachine } from '../../../src/machine.ts';

export type Birth = {
  readonly environment: Readonly<Record<string, string>>;
  readonly tableDir: string;
  /** World seconds in a second of the wall, and world time at a moment of the wall: both processes count from the same. */
  readonly clock: { readonly speed: number; readonly worldMs: number; readonly wallMs: number };
  /** Dies at the n-th commit of this life, counted from 1. */
  readonly dies?: { readonly commit: number; readonly when: 'before' | 'after' };
};
export type FromParent = { readonly say: 'live'; readonly birth: Birth } | { readonly say: 'settle' | 'end' };
export type FromChild =
  | { readonly say: 'loaded' }
  | { readonly say: 'listens'; readonly port: number }
  | { readonly say: 'settled' };

const tell = (message: FromChild): void => void process.send?.(message);
const die = (): void => void process.kill(process.pid, 'SIGKILL');

const isCommit = (target: string, body: string): boolean =>
  target.endsWith('.PutItem') && /"PK":\{"S":"INCIDENT#\d+"\}/.test(body) && /"SK":\{"S":"COMMIT#\d+"\}/.test(body);

/** Between the bot and its table. */
const startLine = async (endpoint: string, dies: Birth['dies']): Promise<string> => {
  let commits = 0;
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const fatal = isCommit(String(incoming.headers['x-amz-target']), body.toString()) && ++commits === dies?.commit;
    if (fatal && dies?.when === 'before') return die();
    const onward = request(endpoint, { method: incoming.method ?? 'POST', headers: incoming.headers }, (answer) => {
      // Dynalite answers when it is stored.
      if (fatal) die();
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    onward.once('error', () => outgoing.destroy());
    onward.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const live = async ({ environment, tableDir, clock, dies }: Birth): Promise<() => Machine> => {
  Object.assign(process.env, environment);
  const config = readMachineConfig(process.env);
  const table = await startEmbeddedTable({ dataDir: tableDir, tableName: config.TABLE_NAME });
  process.env['AWS_ENDPOINT_URL_DYNAMODB'] = await startLine(table.endpoint, dies);
  const machine = await startMachine(config, {
    clock: createClock({ speed: clock.speed, startAtMs: clock.worldMs + (Date.now() - clock.wallMs) * clock.speed }),
    logger: pino({ level: process.env['LOG_LEVEL'] ?? 'error' }, process.stderr),
    // Slack's own waits are the wall's: shortened as the clock is.
    wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds / clock.speed)),
  });
  tell({ say: 'listens', port: machine.port ?? 0 });
  return () => machine;
};

let machine: (() => Machine) | undefined;
process.on('message', async (message: FromParent) => {
  if (message.say === 'live') machine = await live(message.birth);
  if (message.say === 'settle') {
    // A request sets off a run, and a run a request.
    for (let round = 0; round < 3; round++) await machine?.().settled();
    tell({ say: 'settled' });
  }
  if (message.say === 'end') {
    await machine?.().close();
    process.exit(0);
  }
});
process.on('disconnect', die);
tell({ say: 'loaded' });

import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createReadAccess, createReadClients, createSts, READ_SESSION_MINUTES } from '../../../src/adapters/aws/clients.ts';
import { actionsOf, openDesk, READ_ROLE } from './kit.ts';

const MINUTE_MS = 60_000;
const assumptions = (actions: readonly string[]): number => actions.filter((action) => action === 'sts:AssumeRole').length;

describe('endpoints', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('are read by the SDK itself: of one service before those of all', async () => {
    await using desk = await openDesk();
    const { endpoint = '', ...settings } = desk.settings;
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
    vi.stubEnv('AWS_ENDPOINT_URL_STS', endpoint);
    const { Arn } = await createSts(settings).send(new GetCallerIdentityCommand({}));
    expect(Arn).toMatch(/user\/bot$/);
    await expect(createReadClients(settings).ec2.send(new DescribeInstancesCommand({}))).rejects.toThrow('ECONNREFUSED');
    vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
    await expect(createReadClients(settings).ec2.send(new DescribeInstancesCommand({}))).rejects.toThrow('not authorized');
  });
});

describe('the read role', () => {
  const WHOAMI = new GetCallerIdentityCommand({});

  it('is assumed once for many, and anew after a fixed number of wall minutes', async () => {
    await using desk = await openDesk();
    let wallMs = 0;
    const role = { arn: READ_ROLE, sessionName: 'firebreak-read' };
    const access = createReadAccess({ settings: desk.settings, role, wallNow: () => wallMs });
    const ask = () => access.use(({ sts }) => sts.send(WHOAMI));
    const [one, two] = await Promise.all([ask(), ask()]);
    expect([one.Arn, two.Arn]).toEqual(Array(2).fill(expect.stringMatching(/assumed-role\/firebreak-read\/firebreak-read$/)));
    expect(assumptions(actionsOf(desk.wire))).toBe(1);
    wallMs = READ_SESSION_MINUTES * MINUTE_MS - 1;
    await ask();
    expect(assumptions(actionsOf(desk.wire))).toBe(1);
    wallMs += 1;
    await ask();
    expect(assumptions(actionsOf(desk.wire))).toBe(2);
  });

  it('many calls that learn at once that the session is over make one new session', async () => {
    await using desk = await openDesk();
    const ask = () => desk.access.use(({ ec2 }) => ec2.send(new DescribeInstancesCommand({})));
    await ask();
    desk.clock.advance(2 * 60 * MINUTE_MS);
    await Promise.all([ask(), ask(), ask(), ask()]);
    expect(assumptions(actionsOf(desk.wire))).toBe(2);
  });

  it('a session that is over at once is given up, not renewed for ever', async () => {
    await using desk = await openDesk();
    desk.faults.add({ service: 'ec2', effect: { kind: 'error', code: 'RequestExpired', status: 400 } });
    await expect(desk.access.use(({ ec2 }) => ec2.send(new DescribeInstancesCommand({})))).rejects.toThrow();
    expect(assumptions(actionsOf(desk.wire))).toBe(2);
  });

  it('that could not be assumed is tried again by the next call', async () => {
    await using desk = await openDesk();
    desk.faults.add({ service: 'sts', times: 1, effect: { kind: 'dropBefore' } });
    const ask = () => desk.access.use(({ sts }) => sts.send(WHOAMI));
    await expect(ask()).rejects.toMatchObject({
      unreadable: { unreadable: 'failed', because: expect.stringContaining('sts:AssumeRole') },
    });
    await expect(ask()).resolves.toMatchObject({ Account: '111122223333' });
  });

  it('without one, the bot reads as who it is', async () => {
    await using desk = await openDesk();
    const access = createReadAccess({ settings: desk.settings });
    const { Arn } = await access.use(({ sts }) => sts.send(WHOAMI));
    expect(Arn).toMatch(/user\/bot$/);
    expect(assumptions(actionsOf(desk.wire))).toBe(0);
  });
});

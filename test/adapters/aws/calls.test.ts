import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { FaultEffect } from '../../../sandbox/aws/wire/faults.ts';
import { createCalls } from '../../../src/adapters/aws/calls.ts';
import { createCallClients, createSts } from '../../../src/adapters/aws/clients.ts';
import type { CallSession, Calls, Clock } from '../../../src/ports.ts';
import type { AwsCall, CallOf } from '../../../src/runbook/aws-call.ts';
import { actionsOf, type Desk, type DeskOptions, FIX_ROLE, openDesk } from './kit.ts';

const policy = (...statements: readonly unknown[]): string => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const everything = { Effect: 'Allow', Action: '*', Resource: '*' };
const SESSION: CallSession = { sessionName: 'inc-0042-U1', policy: policy(everything) };

type Bench = {
  readonly desk: Desk;
  readonly calls: Calls;
  readonly instanceId: string;
  readonly detach: CallOf<'autoscaling:DetachInstances'>;
};

/** `callEndpoint`: where the call goes, when that is not the account. */
const bench = async (
  options: DeskOptions & { readonly callEndpoint?: string } = {},
  clockOf = (desk: Desk): Clock => desk.clock,
): Promise<Bench> => {
  const desk = await openDesk(options);
  const { settings, access } = desk;
  const endpoint = options.callEndpoint === undefined ? {} : { endpoint: options.callEndpoint };
  const calls = createCalls({
    sts: createSts({ ...settings, maxAttempts: 1 }),
    fixRoleArn: FIX_ROLE,
    makeClients: (credentials) => createCallClients({ ...settings, ...endpoint, credentials }),
    reads: access,
    clock: clockOf(desk),
  });
  const [instanceId = ''] = desk.world.shop.instanceIds();
  return { desk, calls, instanceId, detach: detachOf(instanceId) };
};
const detachOf = (instanceId: string): CallOf<'autoscaling:DetachInstances'> => ({
  api: 'autoscaling:DetachInstances',
  input: { AutoScalingGroupName: 'shop-web', InstanceIds: [instanceId], ShouldDecrementDesiredCapacity: false },
  on: [],
});
const sentOf = ({ wire }: Desk, service: string) => wire.calls.filter((call) => call.service === service);
/** Short only where an answer never comes. */
const patienceFor = ({ kind }: FaultEffect): DeskOptions => (kind === 'hang' ? { requestTimeoutMs: 400 } : {});
const isMember = ({ world }: Desk, id: string): boolean => world.shop.instanceIds().includes(id);

describe('a call', () => {
  it('is sent once, byte for byte, in a session of its own that says whose it is', async () => {
    const { desk, calls, detach, instanceId } = await bench();
    await using _ = desk;
    const outcome = await calls.send(detach, SESSION);
    expect(outcome).toMatchObject({ outcome: 'done', answer: { activityIds: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
    expect(sentOf(desk, 'autoscaling')).toMatchObject([
      {
        action: 'DetachInstances',
        input: detach.input,
        callerArn: expect.stringMatching(/assumed-role\/firebreak-fix\/inc-0042-U1$/),
        outcome: 'OK',
      },
    ]);
    expect(isMember(desk, instanceId)).toBe(false);
  });

  it('can do no more than its session policy, whatever the role may do', async () => {
    const { desk, calls, detach, instanceId } = await bench();
    await using _ = desk;
    const narrow = policy({ Effect: 'Allow', Action: 'autoscaling:EnterStandby', Resource: '*' });
    expect(await calls.send(detach, { ...SESSION, policy: narrow })).toMatchObject({ outcome: 'refused', code: 'AccessDenied' });
    expect(isMember(desk, instanceId)).toBe(true);
  });

  it('assumes the role anew for every call: no session outlives its step', async () => {
    const { desk, calls, detach } = await bench();
    await using _ = desk;
    await calls.send(detach, SESSION);
    desk.clock.advance(12 * 3_600_000);
    await calls.send(detach, SESSION);
    expect(actionsOf(desk.wire)).toEqual([
      'sts:AssumeRole',
      'autoscaling:DetachInstances',
      'sts:AssumeRole',
      'autoscaling:DetachInstances',
    ]);
  });
});

describe('what became of a call', () => {
  const error = (code: string, status: number): FaultEffect => ({ kind: 'error', code, status });
  const cases: readonly (readonly [
    what: string,
    effect: FaultEffect,
    outcome: string,
    code: string | undefined,
    happened: boolean,
  ])[] = [
    ['the group is busy', error('ResourceContention', 500), 'contended', 'ResourceContentionFault', false],
    ['an activity is running', error('ScalingActivityInProgress', 400), 'contended', 'ScalingActivityInProgressFault', false],
    ['the volume is snapshot too often', error('SnapshotCreationPerVolumeRateExceeded', 400), 'contended', undefined, false],
    ['it was throttled', { kind: 'throttle' }, 'contended', 'Throttling', false],
    ['its session ran out on the way', error('ExpiredToken', 403), 'contended', 'ExpiredToken', false],
    ['it was not valid', error('ValidationError', 400), 'refused', 'ValidationError', false],
    ['it was denied', error('AccessDenied', 403), 'refused', 'AccessDenied', false],
    ['the service broke', error('InternalFailure', 500), 'unknown', undefined, false],
    ['the service was away', error('ServiceUnavailable', 503), 'unknown', undefined, false],
    ['the service ran out of time', error('RequestTimeout', 408), 'unknown', undefined, false],
    ['the connection broke before', { kind: 'dropBefore' }, 'unknown', undefined, false],
    ['the connection broke after it had worked', { kind: 'dropAfter' }, 'unknown', undefined, true],
    ['nothing ever came back', { kind: 'hang' }, 'unknown', undefined, false],
  ];
  it.each(cases)('%s', async (_what, effect, outcome, code, happened) => {
    const { desk, calls, detach, instanceId } = await bench({ ...patienceFor(effect), maxAttempts: 3 });
    await using _ = desk;
    desk.faults.add({ action: 'DetachInstances', effect });
    const answer = await calls.send(detach, SESSION);
    expect(answer).toMatchObject({ outcome, message: expect.stringMatching(/./), ...(code !== undefined && { code }) });
    expect(sentOf(desk, 'autoscaling')).toHaveLength(1);
    expect(isMember(desk, instanceId)).toBe(!happened);
  });

  const garbled: readonly (readonly [string, number, string])[] = [
    ['a page of a proxy, 400', 400, '<html>bad request</html>'],
    ['a page of a proxy, 502', 502, '<html>bad gateway</html>'],
    ['half an answer', 200, '<DetachInstancesResponse><DetachInst'],
    ['an empty error', 403, ''],
  ];
  it.each(garbled)('%s is no answer: unknown', async (_what, status, body) => {
    const reply = (response: ServerResponse) => response.writeHead(status, { 'content-type': 'text/html' }).end(body);
    const server = createServer((_request, response) => reply(response)).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const { desk, calls, detach } = await bench({ callEndpoint: `http://127.0.0.1:${port}` });
    await using _ = desk;
    expect(await calls.send(detach, SESSION)).toMatchObject({ outcome: 'unknown' });
    server.close();
    server.closeAllConnections();
  });

  it('a service that nobody listens for got nothing: contended', async () => {
    const { desk, calls, detach } = await bench({ callEndpoint: 'http://127.0.0.1:1' });
    await using _ = desk;
    expect(await calls.send(detach, SESSION)).toMatchObject({ outcome: 'contended', code: 'ECONNREFUSED' });
  });
});

describe('a session that cannot be opened: nothing was sent', () => {
  const cases: readonly (readonly [FaultEffect, string])[] = [
    [{ kind: 'throttle' }, 'contended'],
    [{ kind: 'error', code: 'InternalFailure', status: 500 }, 'contended'],
    [{ kind: 'dropBefore' }, 'contended'],
    [{ kind: 'dropAfter' }, 'contended'],
    [{ kind: 'hang' }, 'contended'],
    [{ kind: 'error', code: 'AccessDenied', status: 403 }, 'refused'],
    [{ kind: 'error', code: 'PackedPolicyTooLarge', status: 400 }, 'refused'],
  ];
  it.each(cases)('%j: %s', async (effect, outcome) => {
    const { desk, calls, detach } = await bench(patienceFor(effect));
    await using _ = desk;
    desk.faults.add({ service: 'sts', effect });
    expect(await calls.send(detach, SESSION)).toMatchObject({ outcome, message: expect.stringContaining('nothing was sent') });
    expect(sentOf(desk, 'autoscaling')).toEqual([]);
  });
});

describe('each call, sent to the shop', () => {
  const NOT_OURS = { ShouldDecrementDesiredCapacity: true };
  const group = { AutoScalingGroupName: 'shop-web' };
  const cases: readonly (readonly [AwsCall['api'], (id: string, volumeId: string) => unknown, Record<string, unknown>])[] = [
    ['ec2:CreateTags', (id) => ({ Resources: [id], Tags: [{ Key: 'firebreak:run', Value: 'r1' }] }), {}],
    ['ec2:GetConsoleOutput', (id) => ({ InstanceId: id }), {}],
    [
      'ec2:CreateSnapshots',
      (id) => ({ InstanceSpecification: { InstanceId: id }, CopyTagsFromSource: 'volume' }),
      { snapshotIds: expect.stringMatching(/^snap-\w+,snap-\w+$/), volumeIds: expect.stringMatching(/^vol-\w+,vol-\w+$/) },
    ],
    ['ec2:TerminateInstances', (id) => ({ InstanceIds: [id] }), { states: expect.stringMatching(/^i-\w+=shutting-down$/) }],
    [
      'ssm:SendCommand',
      (id) => ({ DocumentName: 'Firebreak-Diagnostics', InstanceIds: [id] }),
      { commandId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    ],
    [
      'autoscaling:EnterStandby',
      (id) => ({ ...group, ...NOT_OURS, InstanceIds: [id] }),
      { activityIds: expect.stringMatching(/./) },
    ],
    [
      'autoscaling:TerminateInstanceInAutoScalingGroup',
      (id) => ({ InstanceId: id, ShouldDecrementDesiredCapacity: true }),
      { activityIds: expect.stringMatching(/./) },
    ],
    ['autoscaling:SuspendProcesses', () => ({ ...group, ScalingProcesses: ['AZRebalance'] }), {}],
    ['autoscaling:ResumeProcesses', () => ({ ...group, ScalingProcesses: ['AZRebalance'] }), {}],
    ['autoscaling:SetInstanceProtection', (id) => ({ ...group, InstanceIds: [id], ProtectedFromScaleIn: true }), {}],
    ['autoscaling:UpdateAutoScalingGroup', () => ({ ...group, MinSize: 1 }), {}],
  ];
  it.each(cases)('%s', async (api, inputOf, answer) => {
    const { desk, calls, instanceId } = await bench();
    await using _ = desk;
    const call = { api, input: inputOf(instanceId, ''), on: [] } as unknown as AwsCall;
    const outcome = await calls.send(call, SESSION);
    expect(outcome).toMatchObject({ outcome: 'done', answer });
    const [service, action] = api.split(':');
    expect(desk.wire.calls.at(-1)).toMatchObject({ service, action, input: call.input });
  });

  it('autoscaling:ExitStandby and autoscaling:AttachInstances bring back what left', async () => {
    const { desk, calls, instanceId, detach } = await bench();
    await using _ = desk;
    const standby = { ...group, InstanceIds: [instanceId] };
    await calls.send(
      { api: 'autoscaling:EnterStandby', input: { ...standby, ShouldDecrementDesiredCapacity: true }, on: [] },
      SESSION,
    );
    desk.clock.advance(120_000);
    const back = await calls.send({ api: 'autoscaling:ExitStandby', input: standby, on: [] }, SESSION);
    expect(back).toMatchObject({ outcome: 'done', answer: { activityIds: expect.stringMatching(/./) } });
    desk.clock.advance(120_000);
    await calls.send({ ...detach, input: { ...detach.input, ShouldDecrementDesiredCapacity: true } }, SESSION);
    desk.clock.advance(120_000);
    expect(isMember(desk, instanceId)).toBe(false);
    expect(await calls.send({ api: 'autoscaling:AttachInstances', input: standby, on: [] }, SESSION)).toEqual({
      outcome: 'done',
      answer: {},
    });
    desk.clock.advance(120_000);
    expect(isMember(desk, instanceId)).toBe(true);
  });
});

describe('a dry run', () => {
  const terminate = (id: string): CallOf<'ec2:TerminateInstances'> => ({
    api: 'ec2:TerminateInstances',
    input: { InstanceIds: [id] },
    on: [],
  });

  it('says that it would be allowed, and nothing happens', async () => {
    const { desk, calls, instanceId } = await bench();
    await using _ = desk;
    expect(await calls.dryRun(terminate(instanceId), SESSION)).toEqual({ outcome: 'done', answer: {} });
    expect(desk.wire.calls.at(-1)?.input).toEqual({ InstanceIds: [instanceId], DryRun: true });
    expect(isMember(desk, instanceId)).toBe(true);
  });

  it('says that it would be denied', async () => {
    const { desk, calls, instanceId } = await bench();
    await using _ = desk;
    const reading = { ...SESSION, policy: policy({ Effect: 'Allow', Action: 'ec2:Describe*', Resource: '*' }) };
    expect(await calls.dryRun(terminate(instanceId), reading)).toMatchObject({
      outcome: 'refused',
      code: 'UnauthorizedOperation',
    });
  });
});

describe('what is collected', () => {
  /** Short waits pass at once, long ones (deadlines) stay as they are. */
  const hurried = ({ clock }: Desk): Clock => ({
    now: clock.now,
    after: (milliseconds, callback) => {
      const cancel = clock.after(milliseconds, callback);
      if (milliseconds <= 2_000) setImmediate(() => clock.advance(milliseconds));
      return cancel;
    },
  });
  const diagnostics = (id: string): CallOf<'ssm:SendCommand'> => ({
    api: 'ssm:SendCommand',
    input: { DocumentName: 'Firebreak-Diagnostics', InstanceIds: [id] },
    on: [],
  });
  const patient = { deadlineMs: 60_000 };

  it('console output is decoded; the newest is asked for only when the input says so', async () => {
    const { desk, calls, instanceId } = await bench();
    await using _ = desk;
    const output = await calls.collect(
      { api: 'ec2:GetConsoleOutput', input: { InstanceId: instanceId }, on: [] },
      SESSION,
      patient,
    );
    expect(output).toEqual({ ok: true, text: desk.world.state.instances.find(({ id }) => id === instanceId)?.console });
    await calls.collect(
      { api: 'ec2:GetConsoleOutput', input: { InstanceId: instanceId, Latest: true }, on: [] },
      SESSION,
      patient,
    );
    expect(sentOf(desk, 'ec2').map(({ input }) => input)).toEqual([
      { InstanceId: instanceId },
      { InstanceId: instanceId, Latest: true },
    ]);
  });

  it('no console output yet is said', async () => {
    const { desk, calls, instanceId } = await bench();
    await using _ = desk;
    desk.world.act((state) => {
      for (const one of state.instances) one.console = '';
    });
    const output = await calls.collect(
      { api: 'ec2:GetConsoleOutput', input: { InstanceId: instanceId }, on: [] },
      SESSION,
      patient,
    );
    expect(output).toMatchObject({ ok: false, why: expect.stringContaining(instanceId) });
  });

  it('a service that does not answer is given up at the deadline', async () => {
    const { desk, calls, instanceId } = await bench();
    await using _ = desk;
    desk.faults.add({ action: 'GetConsoleOutput', effect: { kind: 'hang' } });
    const collected = calls.collect({ api: 'ec2:GetConsoleOutput', input: { InstanceId: instanceId }, on: [] }, SESSION, patient);
    await expect.poll(() => sentOf(desk, 'ec2').length).toBe(1);
    desk.clock.advance(patient.deadlineMs);
    expect(await collected).toEqual({ ok: false, why: 'ec2:GetConsoleOutput did not answer within 60 s.' });
  });

  it('diagnostics are waited for, and fetched under the read role', async () => {
    const { desk, calls, instanceId } = await bench({}, hurried);
    await using _ = desk;
    const output = await calls.collect(diagnostics(instanceId), SESSION, patient);
    expect(output).toMatchObject({ ok: true, text: expect.stringContaining(`host ${instanceId}`) });
    const polls = desk.wire.calls.filter(({ action }) => action === 'GetCommandInvocation');
    expect(polls.length).toBeGreaterThan(1);
    expect(new Set(polls.map(({ sessionName }) => sessionName))).toEqual(new Set(['firebreak-read']));
  });

  it('an agent that accepts the command and never answers is given up at the deadline', async () => {
    const { desk, calls, instanceId } = await bench({}, hurried);
    await using _ = desk;
    desk.world.act((state) => {
      for (const one of state.instances) one.agent = 'hangs';
    });
    expect(await calls.collect(diagnostics(instanceId), SESSION, patient)).toEqual({
      ok: false,
      why: 'The command did not end within 60 s.',
    });
  });

  it('an agent that is not there, or a permission that is not, is said in a sentence', async () => {
    const { desk, calls, instanceId } = await bench({}, hurried);
    await using _ = desk;
    desk.world.act((state) => {
      for (const one of state.instances) one.agent = 'offline';
    });
    expect(await calls.collect(diagnostics(instanceId), SESSION, patient)).toMatchObject({
      ok: false,
      why: expect.stringContaining('InvalidInstanceId'),
    });
    const narrow = { ...SESSION, policy: policy({ Effect: 'Allow', Action: 'ec2:*', Resource: '*' }) };
    expect(await calls.collect(diagnostics(instanceId), narrow, patient)).toMatchObject({
      ok: false,
      why: expect.stringContaining('AccessDenied'),
    });
  });
});

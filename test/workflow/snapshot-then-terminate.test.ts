import { AutoScalingClient, EnterStandbyCommand, SetDesiredCapacityCommand } from '@aws-sdk/client-auto-scaling';
import { EC2Client, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { ANA, BEN, openBench, sentOf, sickOf } from './kit.ts';

test('users are served while the snapshots are pending, and the instance ends only when both are done', async () => {
  await using bench = await openBench({ shop: { trouble: 'oneServes502' } });
  const sick = sickOf(bench);
  const stateOf = () => bench.world.state.instances.find(({ id }) => id === sick)?.state;
  const snapshots = () => bench.world.state.snapshots.map(({ state }) => state);
  const old = bench.shop.instanceIds();
  const seen: { served: boolean; replaced: boolean; snapshots: readonly string[]; instance: string | undefined }[] = [];
  bench.watch(() => {
    const served = bench.users().every((status) => status === 200) && !bench.serving().has(sick);
    const replaced = [...bench.serving()].some((id) => id !== undefined && !old.includes(id));
    seen.push({ served, replaced, snapshots: snapshots(), instance: stateOf() });
  });

  const runId = await bench.preview('snapshot-then-terminate', { groupName: bench.shop.groupName, instanceId: sick });
  await bench.start(runId);
  const asked = await bench.untilAsked(runId);

  expect(asked.status).toBe('awaiting-second-approval');
  expect(asked.approval).toMatchObject({ phase: 2, who: 'another-person' });
  expect(stateOf()).toBe('running');
  expect(seen.every(({ served }) => served)).toBe(true);
  expect(seen.some(({ replaced, snapshots: of }) => replaced && of.includes('pending'))).toBe(true);

  await bench.approve(runId, BEN);
  expect((await bench.run(runId)).status).toBe('awaiting-second-approval');
  expect(bench.chat.told.at(-1)).toMatchObject({ userId: BEN, text: expect.stringContaining('Another person has to approve') });

  await bench.approve(runId, ANA);
  const over = await bench.untilOver(runId);
  expect(over.status).toBe('done');
  expect(over.ended?.remains).toHaveLength(2);
  expect(stateOf()).toBe('terminated');
  const ending = seen.filter(({ instance }) => instance !== 'running');
  expect(ending.length).toBeGreaterThan(0);
  expect(ending.every(({ replaced, snapshots: of }) => replaced && of.join() === 'completed,completed')).toBe(true);
  const { members, desired } = bench.group();
  expect({ size: members.length, desired, sick: members.some(({ instanceId }) => instanceId === sick) }).toEqual({
    size: 3,
    desired: 3,
    sick: false,
  });

  const types = (await bench.events()).map(({ type }) => type);
  expect(types.filter((type) => type === 'users-served')).toHaveLength(1);
  expect(types.indexOf('users-served')).toBeLessThan(types.indexOf('fix-approved'));
  expect(bench.chat.messages.filter(({ slot }) => slot === `1 served:${runId}`)).toHaveLength(1);
  expect(bench.kept.map(({ name }) => name).toSorted()).toEqual(['console-output.txt', 'diagnostics.txt']);
  expect(bench.problems).toEqual([]);
});

test('what was approved is sent, byte for byte, once, each step in a session of its own that says who and why', async () => {
  await using bench = await openBench({ shop: { trouble: 'oneServes502' } });
  const sick = sickOf(bench);
  const runId = await bench.preview('snapshot-then-terminate', { groupName: bench.shop.groupName, instanceId: sick });
  const { plan } = await bench.run(runId);
  await bench.start(runId);
  await bench.untilAsked(runId);
  await bench.approve(runId);
  await bench.untilOver(runId);

  const planned = plan.steps.filter(({ mode }) => mode === 'act').flatMap(({ calls }) => calls);
  expect(sentOf(bench.mutations())).toEqual(planned.map(({ api, input }) => ({ api, input })));
  expect(bench.mutations().map(({ outcome, sessionName }) => `${outcome} ${sessionName}`)).toEqual(
    planned.map(() => `OK inc-0001-${BEN}`),
  );

  // One session for every call of every step, the dry run and the two collections included.
  const sessions = bench.sessions();
  expect(sessions).toHaveLength(planned.length + 1 + 2);
  expect(new Set(sessions.map(({ sessionName }) => sessionName))).toEqual(new Set([`inc-0001-${BEN}`]));
  expect(sessions.every(({ policy }) => policy.length > 0 && policy.length <= 2_048)).toBe(true);
  for (const call of bench.mutations()) expect(bench.sessionBefore(call)?.policy).toContain(`${call.service}:${call.action}"`);
  expect(new Set(bench.mutations().map((call) => bench.sessionBefore(call)?.index)).size).toBe(planned.length);
});

test('the session of a step can do that step and nothing else', async () => {
  await using bench = await openBench({ shop: { trouble: 'oneServes502' } });
  const sick = sickOf(bench);
  const [, healthy = ''] = bench.shop.instanceIds();
  const runId = await bench.preview('snapshot-then-terminate', { groupName: bench.shop.groupName, instanceId: sick });
  await bench.start(runId);
  await bench.untilStep(runId, 'detach', 'running');

  const detaching = bench.sessions().at(-1);
  expect(detaching?.policy).toContain('DetachInstances');
  const { Credentials } = await new STSClient(bench.settings).send(
    new AssumeRoleCommand({
      RoleArn: bench.access.fixRoleArn,
      RoleSessionName: detaching?.sessionName,
      Policy: detaching?.policy,
    }),
  );
  const stolen = {
    ...bench.settings,
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  };
  const [autoscaling, ec2] = [new AutoScalingClient(stolen), new EC2Client(stolen)];
  const { groupName: AutoScalingGroupName } = bench.shop;
  await expect(
    autoscaling.send(
      new EnterStandbyCommand({ AutoScalingGroupName, InstanceIds: [healthy], ShouldDecrementDesiredCapacity: true }),
    ),
  ).rejects.toThrow(/not authorized/);
  await expect(autoscaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 0 }))).rejects.toThrow(
    /not authorized/,
  );
  await expect(ec2.send(new TerminateInstancesCommand({ InstanceIds: [sick] }))).rejects.toThrow(/not authorized/);
});

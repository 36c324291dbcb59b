import { describe, expect, it } from 'vitest';
import type { Reversal } from '../../../sandbox/aws/world/change/reversible.ts';
import type { WorldState } from '../../../sandbox/aws/world/state/state.ts';
import { HOUR, MINUTE, type Stage, stageShop } from './kit.ts';

/** What a change and its reversal may leave behind when no time passes between them: traces, plans, and numbers drawn. */
const ignoring = ({ draws: _, trail: __, pending: ___, traffic: ____, ...state }: WorldState): unknown =>
  JSON.parse(JSON.stringify({ ...state, instances: state.instances.map((one) => ({ ...one, console: '' })) }));

type Change = (stage: Stage, instanceId: string) => Reversal;
const NIGHT = { name: 'night', desired: 2, inMs: HOUR } as const;
const HOOK = {
  name: 'bye',
  transition: 'autoscaling:EC2_INSTANCE_TERMINATING',
  heartbeatSeconds: 60,
  defaultResult: 'CONTINUE',
} as const;
const POLICY = {
  name: 'forecast',
  type: 'PredictiveScaling',
  adjustment: 0,
  alarms: [],
  cooldownSeconds: 0,
  enabled: true,
  predictiveMode: 'ForecastAndScale',
} as const;

const CHANGES: Readonly<Record<string, Change>> = {
  'hosts.answerWith': ({ world }, id) => world.change.hosts.answerWith(id, 502),
  'hosts.stopProcess': ({ world }, id) => world.change.hosts.stopProcess(id),
  'hosts.hang': ({ world }, id) => world.change.hosts.hang(id),
  'hosts.impair': ({ world }, id) => world.change.hosts.impair(id),
  'hosts.setAgent': ({ world }, id) => world.change.hosts.setAgent(id, 'offline'),
  'hosts.protectFromTermination': ({ world }, id) => world.change.hosts.protectFromTermination(id),
  'hosts.announceEvent': ({ world }, id) => world.change.hosts.announceEvent(id, 'instance-retirement', HOUR),
  'hosts.manageBy': ({ world }, id) => world.change.hosts.manageBy(id, 'eks.amazonaws.com'),
  'hosts.breakVersion': ({ world }) => world.change.hosts.breakVersion('shop-web', 7),
  'hosts.silence': ({ world }) => world.change.hosts.silence(world.shop.databaseIp),
  'network.revokeIngress': ({ world }) => world.change.network.revokeIngress(world.shop.appGroupId, 8_080),
  'network.swapReferencedGroup': ({ world }) =>
    world.change.network.swapReferencedGroup(world.shop.appGroupId, 8_080, world.shop.databaseGroupId),
  'network.denyInAcl': ({ world }) => world.change.network.denyInAcl(world.shop.appAclId, { port: 8_080 }),
  'network.closeEphemeralPorts': ({ world }) => world.change.network.closeEphemeralPorts(world.shop.appAclId),
  'network.blackholeRoute': ({ world }) => world.change.network.blackholeRoute(world.shop.appSubnetIds[0]!),
  'network.routeToInstance': ({ world }, id) =>
    world.change.network.routeToInstance(world.shop.appSubnetIds[0]!, '172.16.0.0/12', id),
  'network.giveElasticIp': ({ world }, id) => world.change.network.giveElasticIp(id),
  'network.addSecondaryInterface': ({ world }, id) => world.change.network.addSecondaryInterface(id),
  'balancers.setHealthCheck': ({ world }) => world.change.balancers.setHealthCheck('shop-web', { path: '/healthz' }),
  'balancers.setAttributes': ({ world }) => world.change.balancers.setAttributes('shop-web', { 'stickiness.enabled': 'true' }),
  'balancers.pointName': ({ world }) => world.change.balancers.pointName(world.shop.host, 'elsewhere.example.com'),
  'balancers.expireCertificate': ({ world }) => world.change.balancers.expireCertificate(world.shop.host),
  'balancers.registerIpTarget': ({ world }, id) => world.change.balancers.registerIpTarget('shop-alb', id),
  'balancers.addSecondTargetGroup': ({ world }) => world.change.balancers.addSecondTargetGroup('shop-alb', 'shop-web'),
  'balancers.addNetworkBalancer': ({ world }) =>
    world.change.balancers.addNetworkBalancer(world.shop.publicSubnetIds, 'shop-web'),
  'groups.suspend': ({ world }) => world.change.groups.suspend('shop-web', 'Launch'),
  'groups.contend': ({ world }) => world.change.groups.contend('shop-web', 3),
  'groups.configure': ({ world }) =>
    world.change.groups.configure('shop-web', { healthCheckType: 'ELB', maxLifetimeSeconds: 86_400 }),
  'groups.schedule': ({ world }) => world.change.groups.schedule('shop-web', NIGHT),
  'groups.addHook': ({ world }) => world.change.groups.addHook('shop-web', HOOK),
  'groups.addPolicy': ({ world }) => world.change.groups.addPolicy('shop-web', { ...POLICY, alarms: [] }),
  'groups.weigh': ({ world }) => world.change.groups.weigh('shop-web', 2),
  'groups.protect': ({ world }, id) => world.change.groups.protect(id),
  'groups.untag': ({ world }) => world.change.groups.untag('shop-web', 'firebreak'),
  'groups.tagInstance': ({ world }, id) => world.change.groups.tagInstance(id, { 'eks:cluster-name': 'blue' }),
  'groups.untagInstance': ({ world }, id) => world.change.groups.untagInstance(id, 'firebreak'),
  'storage.attachVolume': ({ world }, id) => world.change.storage.attachVolume(id, { multiAttach: true }),
  'storage.deregisterImage': ({ world }) => world.change.storage.deregisterImage(world.state.images[0]!.id),
  'storage.deregisterImageOf': ({ world }) => world.change.storage.deregisterImageOf('shop-web', 7),
  'storage.failSnapshots': ({ world }) => world.change.storage.failSnapshots(),
  'storage.slowSnapshots': ({ world }) => world.change.storage.slowSnapshots(60),
  'storage.exhaustCapacity': ({ world }) => world.change.storage.exhaustCapacity('eu-west-3a'),
  'storage.exhaustAddresses': ({ world }) => world.change.storage.exhaustAddresses(world.shop.appSubnetIds[0]!),
  'identities.detachRole': ({ world }) => world.change.identities.detachRole('shop-web'),
  'identities.deny': ({ world }) => world.change.identities.deny('shop-web', 's3:GetObject'),
};

/** These have no exact way back: what they set off goes on, or there is none. Each is tried where it belongs. */
const WITHOUT_RETURN = [
  'hosts.terminateInstance',
  'balancers.setTargetPort',
  'groups.resume',
  'groups.setDesired',
  'groups.resize',
  'groups.soundAlarm',
  'groups.markUnhealthy',
  'groups.attach',
  'groups.detach',
  'groups.startRefresh',
  'groups.addWarmPool',
  'groups.wake',
];

describe('a change', () => {
  it.each(Object.entries(CHANGES))('%s changes something, and its reversal takes it back', (_, change) => {
    const stage = stageShop();
    const [id] = stage.world.shop.instanceIds();
    const before = ignoring(stage.world.state);
    const reverse = change(stage, id!);
    expect(ignoring(stage.world.state)).not.toEqual(before);
    reverse();
    expect(ignoring(stage.world.state)).toEqual(before);
  });

  it.each(Object.entries(CHANGES))('%s may be taken back long after its instance is gone', (_, change) => {
    const stage = stageShop();
    const [id] = stage.world.shop.instanceIds();
    const reverse = change(stage, id!);
    stage.wait(MINUTE);
    stage.world.change.hosts.terminateInstance(id!);
    stage.wait(3 * HOUR);
    reverse();
    reverse();
    stage.wait(HOUR);
    expect(() => JSON.parse(stage.world.snapshot())).not.toThrow();
  });

  it('is in one of these two lists', () => {
    const { change } = stageShop().world;
    const names = Object.entries(change).flatMap(([topic, changes]) => Object.keys(changes).map((name) => `${topic}.${name}`));
    expect(names.sort()).toEqual([...Object.keys(CHANGES), ...WITHOUT_RETURN].sort());
  });
});

describe('a kept world', () => {
  it('of another format is refused in a sentence', async () => {
    const { createWorld } = await import('../../../sandbox/aws/world/world.ts');
    const stage = stageShop();
    const older = { ...stage.world.state, format: 0 } as unknown as WorldState;
    expect(() => createWorld({ clock: stage.clock, state: older })).toThrow(
      'This world was kept in format 0, and only format 1 can go on. Begin a new one.',
    );
  });
});

import { zonesOf } from './world/operations/route53/zones.ts';
import type { World } from './world/world.ts';

export type ResolveName = (host: string, type: 'A' | 'CNAME' | 'NS') => Promise<readonly string[]>;

const bare = (name: string): string => name.replace(/\.$/, '').toLowerCase();
/** As Node's resolver fails: https://nodejs.org/api/dns.html#error-codes */
const fails = (host: string, code: 'ENOTFOUND' | 'ENODATA'): Error => Object.assign(new Error(`query ${code} ${host}`), { code });

/** Names inside the VPC, by which applications know what they depend on. */
const insideOf = ({ state }: World, name: string): string | undefined =>
  state.launchTemplates
    .flatMap(({ versions }) => versions.flatMap(({ app }) => app.dependencies))
    .find((one) => bare(one.name) === name)?.ip;

/** DNS as the simulated account has it: what a resolver inside its VPC would answer. */
export const createResolve =
  (world: World): ResolveName =>
  async (host, type) => {
    world.settle();
    const { state } = world;
    const name = bare(host);
    if (type === 'NS') {
      const zone = zonesOf(state).find((one) => bare(one.name) === name);
      if (zone === undefined) throw fails(host, 'ENODATA');
      return zone.nameServers;
    }
    const inside = type === 'A' ? insideOf(world, name) : undefined;
    if (inside !== undefined) return [inside];
    const target = state.names.find((one) => bare(one.name) === name)?.aliasOf ?? name;
    const balancer = state.loadBalancers.find(({ dnsName }) => bare(dnsName) === bare(target));
    if (balancer === undefined) throw fails(host, 'ENOTFOUND');
    // An alias has addresses and no canonical name of its own.
    if (type === 'CNAME') throw fails(host, 'ENODATA');
    return balancer.nodes.map(({ publicIp }) => publicIp);
  };

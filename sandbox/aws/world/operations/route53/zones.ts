import { createHash } from 'node:crypto';
import type { HostedZone } from '../../state/services.ts';
import type { WorldState } from '../../state/state.ts';

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Four name servers, as Route 53 gives each zone a set of its own. */
const nameServersOf = (digest: string): string[] =>
  ['com', 'net', 'org', 'co.uk'].map((domain, index) => {
    const number = (Number.parseInt(digest.slice(index * 4, index * 4 + 4), 16) % 512) + index * 512;
    return `ns-${number}.awsdns-${String(number % 64).padStart(2, '0')}.${domain}`;
  });

/** The zone that a name lies in when nobody made one: the last two labels of it, the same each time. */
const derivedZone = (name: string): HostedZone => {
  const zone = name.split('.').slice(-2).join('.');
  const digest = digestOf(zone);
  return {
    id: `Z0${digest.slice(0, 18).toUpperCase()}`,
    name: zone,
    private: false,
    nameServers: nameServersOf(digest),
    records: [],
  };
};

const holds = (zone: HostedZone, name: string): boolean => name === zone.name || name.endsWith(`.${zone.name}`);

/** `www.example.com` → `com.example.www`: the order in which Route 53 lists names. */
const reversed = (name: string): string => name.replace(/\.$/, '').split('.').reverse().join('.');

export const compareNames = (a: string, b: string): number => {
  const [x, y] = [reversed(a), reversed(b)];
  return x < y ? -1 : x > y ? 1 : 0;
};

export const zonesOf = (state: WorldState): readonly HostedZone[] => {
  const zones = [...(state.zones ?? [])];
  for (const { name } of state.names) if (!zones.some((zone) => holds(zone, name))) zones.push(derivedZone(name));
  return zones.sort((a, b) => compareNames(a.name, b.name));
};

/** The aliases that belong to a zone: those that no more particular zone has. */
export const aliasesIn = (state: WorldState, zone: HostedZone): WorldState['names'] =>
  state.names.filter(({ name }) => {
    const [closest] = zonesOf(state)
      .filter((one) => holds(one, name))
      .sort((a, b) => b.name.length - a.name.length);
    return closest?.id === zone.id;
  });

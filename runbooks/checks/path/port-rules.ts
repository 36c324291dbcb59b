import type { PortRule, SecurityGroup } from '../../../src/runbook/entities.ts';
import { contains } from './ranges.ts';

/**
 * The other end of a hop: the ranges that must be admitted whole, each of them, and the security groups it is in.
 * Nothing at all stands for an end that is not known.
 */
export type Peer = { readonly cidrs: readonly string[]; readonly groupIds: readonly string[] };
export type Admitting = { readonly rule: PortRule; readonly of: SecurityGroup };

const ALL = '-1';
const TCP = new Set([ALL, 'tcp', '6']);

export const isForPort = (rule: PortRule, port: number): boolean =>
  TCP.has(rule.protocol) && (rule.protocol === ALL || (rule.fromPort <= port && port <= rule.toPort));

const names = ({ groupId }: PortRule, { groupIds }: Peer): boolean => groupId !== undefined && groupIds.includes(groupId);
const covers = ({ cidr, cidr6 }: PortRule, range: string): boolean =>
  (cidr !== undefined && contains(cidr, range)) || (cidr6 !== undefined && contains(cidr6, range));

/** Whatever the port: the group, or one of the ranges. */
export const admitsPeer = (rule: PortRule, peer: Peer): boolean =>
  names(rule, peer) || peer.cidrs.some((range) => covers(rule, range));

/** The rules that let it through together: one for the group or for anybody on a prefix list, or one for each range. Allow only, any rule of any group counts. */
export const admittedBy = (rules: readonly Admitting[], port: number, peer: Peer): readonly Admitting[] | undefined => {
  const open = rules.filter(({ rule }) => isForPort(rule, port));
  const unknownPeer = peer.cidrs.length === 0 && peer.groupIds.length === 0;
  // The entries of a prefix list are not read, and an end that is not known may be the one: neither is held against the path.
  const whole = open.find(({ rule }) => unknownPeer || names(rule, peer) || rule.prefixListId !== undefined);
  if (whole !== undefined) return [whole];
  const byRange = peer.cidrs.map((range) => open.find(({ rule }) => covers(rule, range)));
  const found = byRange.filter((one) => one !== undefined);
  return found.length > 0 && found.length === peer.cidrs.length ? [...new Set(found)] : undefined;
};

export const peerOf = ({ cidr, cidr6, groupId, prefixListId }: PortRule): string =>
  cidr ?? cidr6 ?? groupId ?? prefixListId ?? 'nobody';
export const portsOfRule = ({ protocol, fromPort, toPort }: PortRule): string => {
  if (protocol === ALL) return 'every port';
  return fromPort === toPort ? `${protocol} ${fromPort}` : `${protocol} ${fromPort}-${toPort}`;
};

import type { PortRule } from '../../../src/runbook/entities.ts';

/** The other end of a hop: an address (or a range that must be admitted whole), and the security groups it is in. */
export type Peer = { readonly cidr?: string | undefined; readonly groupIds: readonly string[] };

const ALL = '-1';
const TCP = new Set([ALL, 'tcp', '6']);

export const admits = (rule: PortRule, port: number, peer: Peer): boolean =>
  TCP.has(rule.protocol) && (rule.protocol === ALL || (rule.fromPort <= port && port <= rule.toPort)) && admitsPeer(rule, peer);

/** A rule that names a prefix list may admit anybody on it: its entries are not read, so it is not held against the path. */
const admitsPeer = (rule: PortRule, { cidr, groupIds }: Peer): boolean => {
  // A peer known by its name alone: any rule for the port may be the one, and none is held against the path.
  if (cidr === undefined && groupIds.length === 0) return true;
  if (rule.groupId !== undefined) return groupIds.includes(rule.groupId);
  if (rule.prefixListId !== undefined) return true;
  if (rule.cidr === undefined) return false;
  // A peer that is known by its group alone may have any address: only a rule for everybody admits it for certain.
  return cidr === undefined ? rule.cidr === '0.0.0.0/0' : contains(rule.cidr, cidr);
};

/** Whether the first IPv4 range holds the whole of the second; an address is a range of one. */
export const contains = (outer: string, inner: string): boolean => {
  const [a, b] = [rangeOf(outer), rangeOf(inner)];
  return a !== undefined && b !== undefined && a.bits <= b.bits && sharePrefix(a.address, b.address, a.bits);
};
const sharePrefix = (a: number, b: number, bits: number): boolean => bits === 0 || a >>> (32 - bits) === b >>> (32 - bits);
const rangeOf = (cidr: string): { readonly address: number; readonly bits: number } | undefined => {
  const [address = '', bits = '32'] = cidr.split('/');
  const octets = address.split('.').map(Number);
  if (octets.length !== 4 || octets.some((octet) => !Number.isInteger(octet) || octet < 0 || octet > 255)) return undefined;
  return { address: octets.reduce((sum, octet) => (sum << 8) | octet, 0) >>> 0, bits: Number(bits) };
};

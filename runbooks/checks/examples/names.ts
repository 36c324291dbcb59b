import type { Certificate, DnsRecord, NameResolution } from '../../../src/runbook/entities.ts';
import { LISTENER_ARN, loadBalancer } from './service-map.ts';

export const HOST = 'shop.example.com';
export const withUrl = { url: `https://${HOST}/` };
const ADDRESSES = ['52.0.0.1', '52.0.0.2', '52.0.0.3'];
const SERVERS = ['ns-1.awsdns.net', 'ns-2.awsdns.org'];

export const record = (changed: Partial<DnsRecord> = {}): DnsRecord => ({
  name: HOST,
  type: 'A',
  values: [],
  aliasTo: loadBalancer.dnsName,
  evaluateTargetHealth: true,
  ...changed,
});
/** An alias in Route 53 that leads to the load balancer, asked from where the bot runs. */
export const names = (changed: Partial<NameResolution> = {}): NameResolution => ({
  host: HOST,
  zoneId: 'Z1SHOP',
  records: [record()],
  resolved: ADDRESSES,
  loadBalancerResolved: ADDRESSES,
  zoneNameServers: SERVERS,
  delegatedNameServers: SERVERS,
  ...changed,
});
/** The zone is as it should be, and the resolver said this instead of an answer. */
export const withoutAnswer = (resolveError: string): NameResolution => {
  const { resolved: _, ...rest } = names();
  return { ...rest, resolveError };
};
export const certificate = (changed: Partial<Certificate> = {}): Certificate => ({
  arn: 'arn:aws:acm:eu-west-3:111122223333:certificate/c1',
  listenerArn: LISTENER_ARN,
  names: [HOST],
  status: 'ISSUED',
  notAfter: '2026-10-01T00:00:00.000Z',
  ...changed,
});

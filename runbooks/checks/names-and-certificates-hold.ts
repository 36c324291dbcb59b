import { defineCheck, fail, pass, unknown } from '../../src/runbook/define-check.ts';
import { fact, isUnreadable, maybe, type Unreadable } from '../../src/runbook/facts.ts';
import type { Service } from '../../src/runbook/service.ts';
import { certificate, HOST, names, record, withoutAnswer, withUrl } from './examples/names.ts';
import { serviceMap } from './examples/service-map.ts';
import { certificateFindings } from './path/certificates.ts';
import { nameFindings } from './path/names.ts';

/** Does the name that users open lead to this load balancer, and does it show a certificate that holds? */
export const namesAndCertificatesHold = defineCheck({
  id: 'names-and-certificates-hold',
  title: 'DNS and certificates',
  looksAt: 'Record, alias and weights against the load balancer, real resolution, delegation, TTL, health checks; certificates.',
  needs: ({ id }) => ({
    map: fact('service-map', { serviceId: id }),
    certificates: maybe(fact('certificates', { serviceId: id })),
    names: maybe(fact('name-resolution', { serviceId: id })),
  }),
  evaluate: ({ map, certificates, names }, service, now) => {
    if (map.loadBalancers.length === 0) return unknown(map.foundBy);
    const unseen: readonly Unreadable[] = [names, certificates].filter(isUnreadable);
    const name = isUnreadable(names) ? undefined : nameFindings(names, map);
    const shown = isUnreadable(certificates) ? undefined : certificateFindings(certificates, map, hostOf(service), now);
    const open = [...(name?.open ?? []), ...(shown?.open ?? [])];
    const evidence = [...(name?.evidence ?? []), ...(shown?.evidence ?? []), ...unseen.map(({ because }) => because), ...open];
    const [problem, ...more] = [...(name?.problems ?? []), ...(shown?.problems ?? [])];
    if (problem !== undefined) return fail(`${problem}${more.length > 0 ? ` (and ${more.length} more)` : ''}`, evidence);
    const [missing] = unseen;
    if (missing !== undefined) return unknown(missing.because, evidence, missing.permission);
    if (open[0] !== undefined) return unknown(open[0], evidence);
    return pass(
      `${[`${hostOf(service)} → ${map.loadBalancers.map((one) => one.name).join(', ')}`, ...(shown?.warnings ?? [])].join('; ')}.`,
      evidence,
    );
  },
  examples: [
    {
      name: 'leads here, with a certificate that holds',
      facts: { map: serviceMap(), certificates: [certificate()], names: names() },
      service: withUrl,
      verdict: 'pass',
      names: [HOST, 'shop-alb'],
    },
    {
      name: 'leads to a load balancer that is gone',
      facts: {
        map: serviceMap(),
        certificates: [certificate()],
        names: names({
          records: [record({ aliasTo: 'shop-alb-old-1.eu-west-3.elb.amazonaws.com' })],
          resolveError: `ENOTFOUND for ${HOST}`,
        }),
      },
      service: withUrl,
      verdict: 'fail',
      names: ['shop-alb-old-1', 'shop-alb-1'],
    },
    {
      name: 'a share of the users is sent elsewhere by weight',
      facts: {
        map: serviceMap(),
        certificates: [certificate()],
        names: names({
          records: [
            record({ weight: 90, setIdentifier: 'new' }),
            record({ weight: 10, setIdentifier: 'old', aliasTo: 'shop-alb-old-1.eu-west-3.elb.amazonaws.com' }),
          ],
        }),
      },
      service: withUrl,
      verdict: 'fail',
      names: ['shop-alb-old-1', 'weight 10 (old)'],
    },
    {
      name: 'the old record has weight 0 and is answered to nobody',
      facts: {
        map: serviceMap(),
        certificates: [certificate()],
        names: names({
          records: [
            record({ weight: 100, setIdentifier: 'new' }),
            record({ weight: 0, setIdentifier: 'old', aliasTo: 'shop-alb-old-1.eu-west-3.elb.amazonaws.com' }),
          ],
        }),
      },
      service: withUrl,
      verdict: 'pass',
    },
    {
      name: 'the record that leads here has weight 0, another name has all',
      facts: {
        map: serviceMap(),
        certificates: [certificate()],
        names: names({
          records: [
            record({ weight: 0, setIdentifier: 'blue' }),
            record({ weight: 100, setIdentifier: 'green', aliasTo: 'd1.cloudfront.net' }),
          ],
        }),
      },
      service: withUrl,
      verdict: 'fail',
      names: [HOST, 'weight 0'],
    },
    {
      name: 'weight 0 on every record is a share for each',
      facts: {
        map: serviceMap(),
        certificates: [certificate()],
        names: names({ records: [record({ weight: 0, setIdentifier: 'only' })] }),
      },
      service: withUrl,
      verdict: 'pass',
    },
    {
      name: 'the domain is delegated to other name servers than the zone has',
      facts: {
        map: serviceMap(),
        certificates: [certificate()],
        names: names({ delegatedNameServers: ['ns1.registrar.example'] }),
      },
      service: withUrl,
      verdict: 'fail',
      names: ['Z1SHOP', 'ns1.registrar.example'],
    },
    {
      name: 'the certificate has expired',
      facts: {
        map: serviceMap(),
        certificates: [certificate({ status: 'EXPIRED', notAfter: '2026-01-05T13:50:00.000Z' })],
        names: names(),
      },
      service: withUrl,
      verdict: 'fail',
      names: ['certificate/c1', 'expired 10 min ago'],
    },
    {
      name: 'the certificate is for somebody else',
      facts: {
        map: serviceMap(),
        certificates: [certificate({ names: ['admin.example.com', '*.shop.example.com'] })],
        names: names(),
      },
      service: withUrl,
      verdict: 'fail',
      names: [':443', HOST, 'admin.example.com'],
    },
    {
      name: 'a second certificate at the listener fits',
      facts: {
        map: serviceMap(),
        certificates: [certificate({ names: ['admin.example.com'] }), certificate({ arn: 'arn:c2', names: ['*.example.com'] })],
        names: names(),
      },
      service: withUrl,
      verdict: 'pass',
    },
    {
      name: 'a certificate that ends soon is told',
      facts: { map: serviceMap(), certificates: [certificate({ notAfter: '2026-01-08T14:00:00.000Z' })], names: names() },
      service: withUrl,
      verdict: 'pass',
      names: ['expires in 3 days'],
    },
    {
      name: 'no resolver could be asked',
      facts: { map: serviceMap(), certificates: [certificate()], names: withoutAnswer(`ETIMEOUT for ${HOST}`) },
      service: withUrl,
      verdict: 'unknown',
      names: ['ETIMEOUT'],
    },
    {
      name: 'records may not be read',
      facts: {
        map: serviceMap(),
        certificates: [certificate()],
        names: {
          unreadable: 'denied',
          because: 'The bot may not call route53:ListResourceRecordSets.',
          permission: 'route53:ListResourceRecordSets',
        },
      },
      service: withUrl,
      verdict: 'unknown',
      names: ['route53:ListResourceRecordSets'],
    },
  ],
});

const hostOf = ({ url }: Service): string | undefined => (url === undefined ? undefined : new URL(url).hostname);

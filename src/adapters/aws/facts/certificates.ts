import type { Certificate, Listener } from '../../../runbook/entities.ts';
import type { FetchFact, Look } from './look.ts';
import { present, unique } from './present.ts';
import { describeListenerCertificates } from './reads/elb.ts';
import { describeCertificate } from './reads/others.ts';

const ENCRYPTED = new Set(['HTTPS', 'TLS']);

const certificateOf = async (look: Look, arn: string, listenerArn: string): Promise<Certificate> => {
  // A certificate that was uploaded to IAM tells ACM nothing.
  if (!arn.includes(':acm:')) return { arn, listenerArn, names: [], status: 'NOT_IN_ACM' };
  const { Certificate: found = {} } = await look.ask(describeCertificate, { CertificateArn: arn });
  return {
    arn,
    listenerArn,
    names: unique([found.DomainName ?? '', ...(found.SubjectAlternativeNames ?? [])]).filter((name) => name !== ''),
    status: found.Status ?? '',
    ...present({ notAfter: found.NotAfter?.toISOString() }),
  };
};

/** The default certificate and those that are chosen by name. */
const certificatesOf = async (look: Look, listener: Listener): Promise<readonly Certificate[]> => {
  const listed = await look.all(describeListenerCertificates, { ListenerArn: listener.arn });
  const arns = unique([...listener.certificateArns, ...listed.map(({ CertificateArn = '' }) => CertificateArn)]);
  return Promise.all(arns.map((arn) => certificateOf(look, arn, listener.arn)));
};

export const certificates: FetchFact<'certificates'> = async (look, { serviceId }) => {
  const { listeners } = await look.fact('service-map', { serviceId });
  const encrypted = listeners.filter(({ protocol }) => ENCRYPTED.has(protocol));
  return (await Promise.all(encrypted.map((listener) => certificatesOf(look, listener)))).flat();
};

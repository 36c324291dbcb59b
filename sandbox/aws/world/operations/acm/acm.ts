import type * as Acm from '@aws-sdk/client-acm';
import { AwsError, type Operation, type ServiceOperations } from '../../../operation.ts';
import type { Certificate } from '../../state/balancer.ts';
import type { WorldState } from '../../state/state.ts';
import { on, onAnything, pageOf, resourceTagKeys } from '../authorize.ts';

/** A certificate of ACM's is valid for 395 days. https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html */
const VALID_MS = 395 * 86_400_000;
const PAGE_MAX = 1_000;

const statusOf = (state: WorldState, { notAfter }: Certificate): Acm.CertificateStatus =>
  notAfter <= state.now ? 'EXPIRED' : 'ISSUED';

/** The load balancers whose listeners show it. */
const usersOf = (state: WorldState, { arn }: Certificate): string[] => [
  ...new Set(state.listeners.filter((one) => one.certificateArns.includes(arn)).map(({ loadBalancerArn }) => loadBalancerArn)),
];

const datesOf = ({ notAfter }: Certificate) => {
  const issued = new Date(notAfter - VALID_MS);
  return { CreatedAt: issued, IssuedAt: issued, NotBefore: issued, NotAfter: new Date(notAfter) };
};

const detailOf = (state: WorldState, certificate: Certificate): Acm.CertificateDetail => ({
  CertificateArn: certificate.arn,
  DomainName: certificate.domain,
  SubjectAlternativeNames: [certificate.domain],
  Subject: `CN=${certificate.domain}`,
  Issuer: 'Amazon',
  Type: 'AMAZON_ISSUED',
  Status: statusOf(state, certificate),
  ...datesOf(certificate),
  KeyAlgorithm: 'RSA_2048',
  SignatureAlgorithm: 'SHA256WITHRSA',
  InUseBy: usersOf(state, certificate),
  RenewalEligibility: usersOf(state, certificate).length > 0 ? 'ELIGIBLE' : 'INELIGIBLE',
  DomainValidationOptions: [
    {
      DomainName: certificate.domain,
      ValidationDomain: certificate.domain,
      ValidationMethod: 'DNS',
      ValidationStatus: 'SUCCESS',
    },
  ],
});

const summaryOf = (state: WorldState, certificate: Certificate): Acm.CertificateSummary => ({
  CertificateArn: certificate.arn,
  DomainName: certificate.domain,
  SubjectAlternativeNameSummaries: [certificate.domain],
  Status: statusOf(state, certificate),
  Type: 'AMAZON_ISSUED',
  KeyAlgorithm: 'RSA_2048',
  InUse: usersOf(state, certificate).length > 0,
  ...datesOf(certificate),
});

const describeCertificate = (state: WorldState): Operation<Acm.DescribeCertificateCommandInput> => ({
  authorize: ({ CertificateArn = '' }) => [
    on('acm:DescribeCertificate', CertificateArn, resourceTagKeys(state, 'acm', CertificateArn)),
  ],
  run: ({ CertificateArn }) => {
    const found = state.certificates.find(({ arn }) => arn === CertificateArn);
    if (found === undefined)
      throw new AwsError(
        'ResourceNotFoundException',
        `Could not find certificate ${CertificateArn} in account ${state.accountId}.`,
      );
    return { Certificate: detailOf(state, found) };
  },
});

const listCertificates = (state: WorldState): Operation<Acm.ListCertificatesCommandInput> => ({
  authorize: () => onAnything('acm:ListCertificates'),
  run: ({ CertificateStatuses = [], MaxItems = PAGE_MAX, NextToken }) => {
    const summaries = state.certificates
      .map((certificate) => summaryOf(state, certificate))
      .filter(({ Status }) => CertificateStatuses.length === 0 || CertificateStatuses.includes(Status!));
    const refuse = (): AwsError => new AwsError('ValidationException', 'The NextToken value is not valid.');
    const { items, next } = pageOf(summaries, NextToken, MaxItems, refuse);
    return { CertificateSummaryList: items, ...(next !== undefined && { NextToken: next }) };
  },
});

export const acm = (state: WorldState): ServiceOperations => ({
  DescribeCertificate: describeCertificate(state),
  ListCertificates: listCertificates(state),
});

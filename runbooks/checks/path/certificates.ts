import type { Certificate, ServiceMap } from '../../../src/runbook/entities.ts';
import { clockTime, daysUntil, spanInWords } from '../words/times.ts';

export type CertificateFindings = {
  readonly problems: readonly string[];
  /** Soon a problem. */
  readonly warnings: readonly string[];
  /** What ACM tells nothing about. */
  readonly open: readonly string[];
  readonly evidence: readonly string[];
};

/** ACM renews 60 days before, and warns from 45 on: two weeks before its end nobody has renewed it. https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html */
const SOON_DAYS = 14;

/** A wildcard stands for one label. https://www.rfc-editor.org/rfc/rfc6125#section-6.4.3 */
const covers = (name: string, host: string): boolean =>
  name === host || (name.startsWith('*.') && host.slice(host.indexOf('.')) === name.slice(1));

const endOf = ({ notAfter }: Certificate, now: string): string => {
  if (notAfter === undefined) return 'no end is told';
  const span = spanInWords(now, notAfter);
  return daysUntil(notAfter, now) <= 0
    ? `expired ${span} ago (${notAfter.slice(0, 10)} ${clockTime(notAfter)})`
    : `expires in ${span}`;
};
const isExpired = ({ status, notAfter }: Certificate, now: string): boolean =>
  status === 'EXPIRED' || (notAfter !== undefined && daysUntil(notAfter, now) <= 0);
const isUsable = (one: Certificate, now: string): boolean => one.status === 'ISSUED' && !isExpired(one, now);

/** What a client that asks for `host` is shown at one listener. Without a host each certificate counts. */
const atListener = (port: number, all: readonly Certificate[], host: string | undefined, now: string): CertificateFindings => {
  const evidence = all.map(
    (one) => `:${port} ${one.arn} for ${one.names.join(', ') || 'names that are not told'}: ${one.status}, ${endOf(one, now)}`,
  );
  const dark = all.filter(({ status }) => status === 'NOT_IN_ACM');
  const open = dark.map(({ arn }) => `${arn}: not in ACM, which knows neither its names nor its end.`);
  const fitting = all.filter((one) => host === undefined || one.names.some((name) => covers(name.toLowerCase(), host)));
  if (fitting.some((one) => isUsable(one, now))) {
    const soon = fitting.filter(
      (one) => isUsable(one, now) && one.notAfter !== undefined && daysUntil(one.notAfter, now) <= SOON_DAYS,
    );
    return { problems: [], open: [], evidence, warnings: soon.map((one) => `${one.arn} ${endOf(one, now)}`) };
  }
  if (dark.length > 0) return { problems: [], warnings: [], open, evidence };
  const [first] = fitting;
  if (first === undefined) {
    const names = all.flatMap((one) => one.names).join(', ') || 'nobody';
    return { problems: [`:${port}: no certificate for ${host}; there is one for ${names}.`], warnings: [], open, evidence };
  }
  const what = isExpired(first, now) ? endOf(first, now) : `is ${first.status}`;
  return { problems: [`${first.arn} (${first.names.join(', ')}): ${what}.`], warnings: [], open, evidence };
};

export const certificateFindings = (
  certificates: readonly Certificate[],
  { listeners }: ServiceMap,
  host: string | undefined,
  now: string,
): CertificateFindings => {
  const judged = listeners.flatMap(({ arn, port }) => {
    const mine = certificates.filter(({ listenerArn }) => listenerArn === arn);
    return mine.length === 0 ? [] : [atListener(port, mine, host, now)];
  });
  return {
    problems: judged.flatMap(({ problems }) => problems),
    warnings: judged.flatMap(({ warnings }) => warnings),
    open: judged.flatMap(({ open }) => open),
    evidence: judged.flatMap(({ evidence }) => evidence),
  };
};

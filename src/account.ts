/** The AWS account, as it is read and as it is changed: the same on one machine and on Lambda. */
import type { Logger } from 'pino';
import { createCalls } from './adapters/aws/calls.ts';
import { createCallClients, createReadAccess, createSts } from './adapters/aws/clients.ts';
import { createFacts } from './adapters/aws/facts.ts';
import type { Calls, Clock, Facts } from './ports.ts';
import type { Catalogue } from './runbook/catalogue.ts';

type Settings = {
  readonly AWS_REGION: string;
  readonly FIX_ROLE_ARN: string;
  readonly READ_ROLE_ARN?: string | undefined;
};
type Around = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly catalogue: Catalogue;
  /** Absent: the machine's own DNS. */
  readonly resolve?: Parameters<typeof createFacts>[0]['resolve'];
};

export const createAccount = (
  { AWS_REGION: region, FIX_ROLE_ARN: fixRoleArn, READ_ROLE_ARN: readRoleArn }: Settings,
  { clock, logger, catalogue, resolve }: Around,
): { readonly facts: Facts; readonly calls: Calls } => {
  const access = createReadAccess({
    settings: { region },
    ...(readRoleArn !== undefined && { role: { arn: readRoleArn, sessionName: 'firebreak-read' } }),
  });
  return {
    facts: createFacts({
      access,
      region,
      services: (id) => catalogue.services.find((service) => service.id === id),
      clock,
      ...(resolve && { resolve }),
      onDefect: (error) => logger.error({ err: error }, 'A fact could not be read because of a mistake of ours.'),
    }),
    calls: createCalls({
      sts: createSts({ region }),
      fixRoleArn,
      makeClients: (credentials) => createCallClients({ region, credentials }),
      reads: access,
      clock,
    }),
  };
};

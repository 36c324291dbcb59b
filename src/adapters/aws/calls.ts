import type { STSClient } from '@aws-sdk/client-sts';
import type { CallOutcome, CallSession, Calls, Clock } from '../../ports.ts';
import type { AwsCall } from '../../runbook/aws-call.ts';
import { send } from './calls/apis.ts';
import { collectConsole } from './calls/console.ts';
import { collectDiagnostics } from './calls/diagnostics.ts';
import { outcomeOf, sessionOutcomeOf } from './calls/outcome.ts';
import { type AwsCredentials, assumeRole, type CallClients, type ReadAccess } from './clients.ts';
import { codeOf, isAborted, messageOf } from './failure.ts';

/**
 * Mutations. Each is made in a session of its own, cut down by the step's policy and named after incident and person:
 * nothing else is left to whoever holds the session, and CloudTrail says who it was for.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export const createCalls = (options: {
  /** Speaks as the bot, who may assume the fix role. */
  readonly sts: STSClient;
  readonly fixRoleArn: string;
  /** Clients that send once: `createCallClients`. */
  readonly makeClients: (credentials: AwsCredentials) => CallClients;
  /** A command's output is fetched under the read role: the step's session may send it, and nothing else. */
  readonly reads: ReadAccess;
  readonly clock: Clock;
}): Calls => {
  const { sts, fixRoleArn, makeClients, reads, clock } = options;

  /** Always fresh: a session that was kept could have run out meanwhile, or carry the power of another step. */
  const open = async ({ sessionName, policy }: CallSession): Promise<CallClients> =>
    makeClients(await assumeRole(sts, { roleArn: fixRoleArn, sessionName, policy }));

  const perform = async (call: AwsCall, session: CallSession): Promise<CallOutcome> => {
    const opened = await open(session).then(
      (clients) => ({ clients }),
      (error: unknown) => ({ error }),
    );
    if ('error' in opened) return sessionOutcomeOf(opened.error);
    try {
      return { outcome: 'done', answer: await send(opened.clients, call) };
    } catch (error) {
      return outcomeOf(error);
    }
  };

  return {
    send: perform,
    dryRun: async (call, session) => {
      const outcome = await perform({ ...call, input: { ...call.input, DryRun: true } }, session);
      // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TerminateInstances.html
      return outcome.outcome === 'refused' && outcome.code === 'DryRunOperation' ? { outcome: 'done', answer: {} } : outcome;
    },
    collect: async (call, session, { deadlineMs }) => {
      try {
        const clients = await open(session);
        return call.api === 'ec2:GetConsoleOutput'
          ? await collectConsole(clients.ec2, call.input, { clock, deadlineMs })
          : await collectDiagnostics({ ssm: clients.ssm, reads, input: call.input, clock, deadlineMs });
      } catch (error) {
        if (isAborted(error)) return { ok: false, why: `${call.api} did not answer within ${Math.round(deadlineMs / 1_000)} s.` };
        return { ok: false, why: `${call.api} could not be used: ${codeOf(error)}: ${messageOf(error)}` };
      }
    },
  };
};

import {
  GetCommandInvocationCommand,
  type GetCommandInvocationCommandOutput,
  SendCommandCommand,
  type SendCommandRequest,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import type { Calls, Clock } from '../../../ports.ts';
import type { ReadAccess } from '../clients.ts';
import { codeOf } from '../failure.ts';
import { deadlineOn, pause } from './deadline.ts';

const POLL_MS = 2_000;
/** Right after it was sent, a command has no invocation yet. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetCommandInvocation.html */
const NOT_THERE_YET = 'InvocationDoesNotExist';
const RUNNING = new Set(['Pending', 'InProgress', 'Delayed', 'Cancelling']);
/** Systems Manager keeps this much of the output and drops the rest. */
const OUTPUT_CHARACTERS_MAX = 24_000;

type Result = Awaited<ReturnType<Calls['collect']>>;

const resultOf = ({ Status, StatusDetails, ...invocation }: GetCommandInvocationCommandOutput): Result => {
  const { StandardOutputContent: out = '', StandardErrorContent: err = '' } = invocation;
  const ended = Status === 'Success' ? '' : `The command ended with ${StatusDetails ?? Status}.`;
  if (out === '') return { ok: false, why: [ended || 'The command ended well and wrote nothing.', err].join(' ').trim() };
  const cut = out.length >= OUTPUT_CHARACTERS_MAX ? 'Systems Manager cut the output off here.' : '';
  return { ok: true, text: [out, err, cut, ended].filter((part) => part !== '').join('\n') };
};

/** Runs a document on an instance and waits for what it writes, until the deadline. Rejects when it cannot be sent or read. */
export const collectDiagnostics = async (options: {
  readonly ssm: SSMClient;
  readonly reads: ReadAccess;
  readonly input: SendCommandRequest;
  readonly clock: Clock;
  readonly deadlineMs: number;
}): Promise<Result> => {
  const { ssm, reads, input, clock, deadlineMs } = options;
  const until = clock.now() + deadlineMs;
  using deadline = deadlineOn(clock, deadlineMs);
  const abort = { abortSignal: deadline.signal };
  const { Command } = await ssm.send(new SendCommandCommand(input), abort);
  const request = { CommandId: Command?.CommandId, InstanceId: input.InstanceIds?.[0] };
  const look = () =>
    reads
      .use((clients) => clients.ssm.send(new GetCommandInvocationCommand(request), abort))
      .catch((error: unknown) => {
        if (codeOf(error) === NOT_THERE_YET) return undefined;
        throw error;
      });
  while (clock.now() < until) {
    const invocation = await look();
    if (invocation !== undefined && !RUNNING.has(invocation.Status ?? '')) return resultOf(invocation);
    await pause(clock, Math.min(POLL_MS, until - clock.now()));
  }
  return { ok: false, why: `The command did not end within ${Math.round(deadlineMs / 1_000)} s.` };
};

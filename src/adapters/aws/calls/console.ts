import { type EC2Client, GetConsoleOutputCommand, type GetConsoleOutputRequest } from '@aws-sdk/client-ec2';
import type { Calls, Clock } from '../../../ports.ts';
import { deadlineOn } from './deadline.ts';

/** The newest output only when the input asks for it: EC2 has it for Nitro instances alone. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html */
export const collectConsole = async (
  ec2: EC2Client,
  input: GetConsoleOutputRequest,
  { clock, deadlineMs }: { readonly clock: Clock; readonly deadlineMs: number },
): ReturnType<Calls['collect']> => {
  using deadline = deadlineOn(clock, deadlineMs);
  const { Output = '' } = await ec2.send(new GetConsoleOutputCommand(input), { abortSignal: deadline.signal });
  const text = Buffer.from(Output, 'base64').toString('utf8');
  return text === '' ? { ok: false, why: `EC2 has no console output of ${input.InstanceId} yet.` } : { ok: true, text };
};

/** A line between the bot and a service: it sees each call by name, and may cut it together with the bot's life. */
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What happens at a call.
 * - `before`: the bot dies, and the call never arrives.
 * - `during`: the bot dies, and the call is done: nobody hears the answer.
 * - `after`: the bot is answered, and dies.
 */
export type Moment = 'before' | 'during' | 'after';
export type LineOptions = {
  readonly to: () => string;
  /** AWS signs the host that it was called by; the workspace answers to its own only. */
  readonly host: 'as-called' | 'its-own';
  readonly nameOf: (incoming: IncomingMessage, body: string) => string;
  /** Asked once for each call, in the order of their arrival. */
  readonly meet: (name: string) => Moment | undefined;
  readonly kill: () => void;
};
export type Line = { readonly url: string; readonly close: () => Promise<void> };

export const startLine = async ({ to, host, nameOf, meet, kill }: LineOptions): Promise<Line> => {
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    // A caller that is killed while it speaks has said nothing.
    try {
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const body = Buffer.concat(chunks);
    const moment = meet(nameOf(incoming, body.toString()));
    if (moment === 'before' || moment === 'during') kill();
    if (moment === 'before') return void incoming.socket.destroy();
    const url = new URL(incoming.url ?? '/', to());
    const { host: called, ...others } = incoming.headers;
    const headers = host === 'as-called' ? { host: called, ...others } : others;
    const onward = request(url, { method: incoming.method ?? 'POST', headers }, (answer) => {
      if (moment === 'during') {
        answer.resume();
        incoming.socket.destroy();
        return;
      }
      if (moment === 'after') outgoing.once('finish', kill);
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    onward.once('error', () => outgoing.destroy());
    onward.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const CHANGES = /^(Create|Detach|Attach|Terminate|Send|Suspend|Resume|Set|Update|Enter|Exit|Put|Delete|Modify)/;

/** `ec2:TerminateInstances`; a rehearsal of it ends in `?`. */
export const awsName = ({ headers }: IncomingMessage, body: string): string => {
  const service = /Credential=[^/]+\/[^/]+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? '';
  const action = String(headers['x-amz-target'] ?? '').split('.')[1] ?? new URLSearchParams(body).get('Action') ?? '';
  return `${service}:${action}${/(^|&)DryRun=true/.test(body) ? '?' : ''}`;
};
export const isChange = (name: string): boolean => CHANGES.test(name.split(':')[1] ?? '');

export const slackName = ({ url }: IncomingMessage): string => url?.split('?')[0]?.split('/').at(-1) ?? '';

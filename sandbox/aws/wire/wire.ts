import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../../src/ports.ts';
import type { Identity } from '../identity/identity.ts';
import { type Account, AwsError } from '../operation.ts';
import { type Outcome, type Settled, type SignedCall, type Surroundings, settle } from './call.ts';
import { type Codec, createCodec } from './codec.ts';
import type { FaultPlan } from './faults.ts';
import { LOOPBACK, readRequest, type WireReply } from './http.ts';
import { knownServices, type ServiceModel, serviceModel } from './schemas.ts';
import { readScope } from './signature.ts';
import { refuse } from './words.ts';

export type CallRecord = {
  /** World time, milliseconds, when the call was answered (or given up). */
  readonly at: number;
  readonly requestId: string;
  readonly service: string;
  readonly region: string;
  readonly action: string;
  readonly callerArn?: string;
  readonly sessionName?: string;
  readonly input?: unknown;
  /** `OK`: it ran. Else the error's code; `Dropped` or `Hung` when a fault kept it from running. */
  readonly outcome: string;
  /** The caller got no answer. With `OK`: it succeeded and looked failed. */
  readonly unanswered?: true;
  /** What an operation threw that was no `AwsError`: a defect of the sandbox, answered as `InternalFailure`. */
  readonly defect?: unknown;
};

export type Wire = {
  /** On loopback only. Port 0, the default, takes any free one. Rejects when the account has a service that no installed client speaks. */
  readonly listen: (port?: number) => Promise<{ readonly url: string; readonly port: number }>;
  /** Breaks what is still open, hanging calls included. */
  readonly close: () => Promise<void>;
  /** Every call, refused ones included, in the order in which they were settled; unsigned ones have no service to be told of. The last `CALLS_MAX` of them. */
  readonly calls: readonly CallRecord[];
};

export type WireOptions = {
  /**
   * What the account can do, by service. `sts` and `iam` are there already, from `identity`; operations of the same name replace them.
   * Streamed bodies (S3) reach an operation as a `Buffer`, and are answered as text or bytes.
   */
  readonly account: Account;
  readonly identity: Identity;
  /** World time: what sessions expire by and operations are told. Signatures are dated by the wall clock. */
  readonly clock: Clock;
  readonly faults: FaultPlan;
  readonly log?: (call: CallRecord) => void;
};

/** Calls remembered; an always-on demo must not grow without end. */
export const CALLS_MAX = 50_000;

/** One after the other: the world is single-threaded, and nothing happens between IAM's verdict and the deed. */
const createLane = () => {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
};

const sendReply = (response: ServerResponse, { status, headers, body }: WireReply): void => {
  const length = String(Buffer.byteLength(body));
  const stated = response.req.method === 'HEAD' ? (headers['content-length'] ?? length) : length;
  response.writeHead(status, { ...headers, 'content-length': stated });
  response.end(body);
};

/** Errors before a service is known: in the form that most clients read. */
const plainRefusal = ({ code, message, status }: AwsError): WireReply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ __type: code, message }),
});

const recordOf = (at: number, { scope, requestId, named }: SignedCall, settled: Settled): CallRecord => {
  const { caller, input, outcome, unanswered, defect } = settled;
  return {
    at,
    requestId,
    service: scope.service,
    region: scope.region,
    action: named.action,
    ...(caller && { callerArn: caller.arn }),
    ...(caller?.sessionName !== undefined && { sessionName: caller.sessionName }),
    ...(input !== undefined && { input }),
    outcome,
    ...(unanswered && { unanswered }),
    ...(defect !== undefined && { defect }),
  };
};

/** The simulated account's endpoint: every service of it, on one loopback port, for unmodified SDK clients. */
export const createWire = ({ account, identity, clock, faults, log }: WireOptions): Wire => {
  const calls: CallRecord[] = [];
  const codecs = new Map<string, Codec>();
  const surroundings: Surroundings = { account, identity, faults, now: clock.now, inLane: createLane() };

  const codecOf = (model: ServiceModel): Codec => {
    const codec = codecs.get(model.service) ?? createCodec(model);
    codecs.set(model.service, codec);
    return codec;
  };

  const answer = async (message: IncomingMessage): Promise<Outcome> => {
    const request = await readRequest(message);
    const scope = readScope(request.headers.authorization);
    if (scope === undefined) throw refuse('', 'awsJson1_1', 'unsigned');
    if (!knownServices.includes(scope.service)) throw new AwsError('UnknownService', `${scope.service} is not simulated.`, 404);
    const model = await serviceModel(scope.service);
    const codec = codecOf(model);
    const call: SignedCall = { scope, model, codec, request, requestId: randomUUID(), named: codec.name(request) };
    const settled = await settle(call, surroundings);
    const entry = recordOf(clock.now(), call, settled);
    if (calls.length >= CALLS_MAX) calls.shift();
    calls.push(entry);
    log?.(entry);
    return settled;
  };

  const server = createServer(async (message, response) => {
    const { reply, outcome } = await answer(message).catch((error: unknown): Outcome => {
      const refusal = error instanceof AwsError ? error : new AwsError('InternalFailure', String(error), 500);
      return { outcome: refusal.code, reply: plainRefusal(refusal) };
    });
    if (reply !== undefined) sendReply(response, reply);
    else if (outcome !== 'Hung') message.socket.destroy();
  });

  return {
    calls,
    listen: async (port = 0) => {
      await Promise.all(Object.keys(account).map(serviceModel));
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen(port, LOOPBACK, () => resolve());
      });
      const { port: taken } = server.address() as AddressInfo;
      return { url: `http://${LOOPBACK}:${taken}`, port: taken };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

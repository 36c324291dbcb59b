import { denialSentence } from '../identity/evaluate.ts';
import type { Identity } from '../identity/identity.ts';
import { type Account, AwsError, type CallContext, type Caller, type Operation } from '../operation.ts';
import type { Codec, Named } from './codec.ts';
import type { FaultEffect, FaultPlan } from './faults.ts';
import { LOOPBACK, type WireReply, type WireRequest } from './http.ts';
import type { ServiceModel } from './schemas.ts';
import { isSignedWith, type Scope } from './signature.ts';
import { refuse } from './words.ts';

/** One call on its way through the account: signature → operation → faults → IAM → dry run → deed. */

/** A signed request to a known service. */
export type SignedCall = {
  readonly scope: Scope;
  readonly model: ServiceModel;
  readonly codec: Codec;
  readonly request: WireRequest;
  readonly requestId: string;
  readonly named: Named;
};

/** What became of a call: an answer, or silence. */
export type Outcome = {
  readonly reply?: WireReply;
  /** `OK`, an error's code, `Dropped` or `Hung`. */
  readonly outcome: string;
  readonly unanswered?: true;
  readonly defect?: unknown;
};

/** An outcome with what was learnt of the call before it was decided. */
export type Settled = Outcome & { readonly caller?: Caller; readonly input?: unknown };

export type Surroundings = {
  readonly account: Account;
  readonly identity: Identity;
  readonly faults: FaultPlan;
  readonly now: () => number;
  /** Runs one piece of work at a time: nothing happens between IAM's verdict and the deed. */
  readonly inLane: <T>(work: () => Promise<T>) => Promise<T>;
};

const authenticate = ({ scope, model, request }: SignedCall, identity: Identity, now: number): Caller => {
  const no = (refusal: Parameters<typeof refuse>[2]): AwsError => refuse(scope.service, model.protocol, refusal);
  const credential = identity.credential(scope.accessKeyId);
  if (credential === undefined) throw no('unknownKey');
  if (!isSignedWith(credential.secret, scope, request)) throw no('badSignature');
  if (credential.token !== request.headers['x-amz-security-token']) throw no('badToken');
  if (credential.expiresAt !== undefined && credential.expiresAt <= now) throw no('expired');
  return credential.caller;
};

/** The account's own operations come first: it may extend what identity offers. */
const findOperation = (account: Account, identity: Identity, { scope, named }: SignedCall): Operation<unknown> => {
  const own: Account = identity.operations;
  const found = account[scope.service]?.[named.action] ?? own[scope.service]?.[named.action];
  const why = named.schema === undefined ? 'is not valid for this service' : 'is not simulated in this account';
  if (found === undefined || named.schema === undefined)
    throw new AwsError('InvalidAction', `The action ${named.action} ${why}.`);
  return found as Operation<unknown>;
};

/** Throws unless IAM allows all that the operation asks for. */
const authorize = (
  operation: Operation<unknown>,
  call: SignedCall,
  input: unknown,
  context: CallContext,
  identity: Identity,
): void => {
  const { scope, model } = call;
  const global = {
    'aws:RequestedRegion': scope.region,
    'aws:CurrentTime': new Date(context.now).toISOString(),
    'aws:EpochTime': String(Math.floor(context.now / 1000)),
    'aws:SecureTransport': 'false',
    'aws:SourceIp': LOOPBACK,
  };
  for (const authorization of operation.authorize(input, context)) {
    const decision = identity.evaluate(context.caller, authorization, global);
    if (decision.effect === 'allowed') continue;
    throw refuse(scope.service, model.protocol, 'denied', denialSentence(context.caller.arn, authorization, decision));
  }
};

const isDryRun = ({ scope }: SignedCall, input: unknown): boolean =>
  scope.service === 'ec2' && (input as { readonly DryRun?: boolean }).DryRun === true;

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What hits the call before it runs; undefined: nothing does. */
const meetFaults = async (effects: readonly FaultEffect[], { scope, model }: SignedCall): Promise<Outcome | undefined> => {
  for (const effect of effects) if (effect.kind === 'delay') await wait(effect.ms);
  for (const effect of effects) {
    if (effect.kind === 'dropBefore') return { outcome: 'Dropped', unanswered: true };
    if (effect.kind === 'hang') return { outcome: 'Hung', unanswered: true };
    if (effect.kind === 'throttle') throw refuse(scope.service, model.protocol, 'throttled');
    if (effect.kind === 'error')
      throw new AwsError(
        effect.code,
        effect.message ?? `${effect.code}, as this simulated account was told to say.`,
        effect.status,
      );
  }
  return undefined;
};

const failed = (error: unknown, { codec, requestId }: SignedCall): Outcome => {
  if (error instanceof AwsError) return { reply: codec.refuse(error, requestId), outcome: error.code };
  const message = error instanceof Error ? error.message : String(error);
  const reply = codec.refuse(new AwsError('InternalFailure', `The simulated account failed: ${message}`, 500), requestId);
  return { reply, outcome: 'InternalFailure', defect: error };
};

const perform = async (
  operation: Operation<unknown>,
  call: SignedCall,
  input: unknown,
  caller: Caller,
  { identity, now }: Surroundings,
): Promise<Outcome> => {
  const { scope, requestId, named, codec } = call;
  const context: CallContext = { caller, region: scope.region, requestId, now: now() };
  authorize(operation, call, input, context, identity);
  if (isDryRun(call, input)) throw new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
  const output = await operation.run(input, context);
  return { outcome: 'OK', reply: codec.reply(named.schema!, output, requestId) };
};

/** Never rejects: whatever goes wrong is an outcome. */
export const settle = async (call: SignedCall, surroundings: Surroundings): Promise<Settled> => {
  const { account, identity, faults, now, inLane } = surroundings;
  let learnt: { readonly caller?: Caller; readonly input?: unknown } = {};
  try {
    const caller = authenticate(call, identity, now());
    learnt = { caller };
    const operation = findOperation(account, identity, call);
    const input = call.codec.parse(call.named.schema!, call.request);
    learnt = { caller, input };
    const effects = faults.meet(call.scope.service, call.named.action);
    const early = await meetFaults(effects, call);
    if (early !== undefined) return { ...learnt, ...early };
    const settled = await inLane(() =>
      perform(operation, call, input, caller, surroundings).catch((error) => failed(error, call)),
    );
    const lost = effects.some(({ kind }) => kind === 'dropAfter');
    return lost ? { ...learnt, outcome: settled.outcome, unanswered: true } : { ...learnt, ...settled };
  } catch (error) {
    return { ...learnt, ...failed(error, call) };
  }
};

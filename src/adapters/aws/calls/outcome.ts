import type { CallOutcome } from '../../../ports.ts';
import { codeOf, isDefiniteRefusal, isExpired, isThrottled, messageOf, neverConnected } from '../failure.ts';

/** The group or the volume is busy with something else, and nothing was changed. https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DetachInstances.html */
const BUSY = new Set([
  'ResourceContention',
  'ResourceContentionFault',
  'ResourceInUse',
  'ResourceInUseFault',
  'ScalingActivityInProgress',
  'ScalingActivityInProgressFault',
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
  'SnapshotCreationPerVolumeRateExceeded',
]);

type Lost = Exclude<CallOutcome, { readonly outcome: 'done' }>;
const named = (error: unknown) => ({ code: codeOf(error), message: messageOf(error) });

/** What a call that was sent, or was about to be, came to. When in doubt it may have happened. */
export const outcomeOf = (error: unknown): Lost => {
  const nothingHappened = BUSY.has(codeOf(error)) || isThrottled(error) || isExpired(error) || neverConnected(error);
  if (nothingHappened) return { outcome: 'contended', ...named(error) };
  if (isDefiniteRefusal(error)) return { outcome: 'refused', ...named(error) };
  const { code, message } = named(error);
  return { outcome: 'unknown', message: `The answer was lost (${code}): ${message}` };
};

/** What became of a call whose session could not be opened: it was not sent, whatever the reason. */
export const sessionOutcomeOf = (error: unknown): Lost => {
  const { outcome, message } = outcomeOf(error);
  const why = `The session could not be opened, so nothing was sent: ${message}`;
  return { outcome: outcome === 'refused' ? 'refused' : 'contended', code: codeOf(error), message: why };
};

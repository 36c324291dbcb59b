import { createHash } from 'node:crypto';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html: MessageDeduplicationId. */
const ID_CHARACTERS_MAX = 128;

/** One id for every delivery of the same command, click or event: made of what Slack repeats, never of a clock. */
export const requestIdOf = (kind: 'command' | 'click' | 'submit' | 'keep' | 'symptom', ...parts: readonly string[]): string => {
  const id = [kind, ...parts].join('-').replaceAll(/[^\w.-]/g, '_');
  return id.length <= ID_CHARACTERS_MAX ? id : `${kind}-${createHash('sha256').update(parts.join('\n')).digest('hex')}`;
};

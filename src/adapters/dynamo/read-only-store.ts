import type { LogStore } from '../../log/log-store.ts';

/**
 * A log that is only read. Readers tidy up what they find outdated (the cached head, the list of open incidents); one who may
 * not write leaves that to the next who may, and answers the same.
 */
export const readOnly = (store: LogStore): LogStore => ({
  ...store,
  putCommit: refuse,
  raiseLatestNumber: refuse,
  putRequest: refuse,
  putOpen: refuse,
  putChannel: refuse,
  putHead: async () => undefined,
  removeOpen: async () => undefined,
});

const refuse = async (): Promise<never> => {
  throw new Error('This part of the bot only reads the log.');
};

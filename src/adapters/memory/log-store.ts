import type { LogStore, StoredCommit, StoredHead } from '../../log/log-store.ts';

/** Small, so that tests turn pages. */
const PAGE_COMMITS = 50;

/** The log's store in memory: for tests, held to the same contract as DynamoDB's. */
export const createMemoryLogStore = (): LogStore => {
  /** Commit `seq` stands at `seq - 1`. */
  const logs = new Map<number, StoredCommit[]>();
  const heads = new Map<number, StoredHead>();
  const requests = new Map<string, number>();
  const open = new Map<number, number>();
  const channels = new Map<string, Set<number>>();
  let latest = 0;
  return {
    putCommit: async (commit) => {
      const log = logs.get(commit.incident) ?? [];
      if (log[commit.seq - 1] !== undefined) return 'taken';
      log[commit.seq - 1] = commit;
      logs.set(commit.incident, log);
      return 'stored';
    },
    readCommits: async (incident, { afterSeq, limit = PAGE_COMMITS }) => {
      const log = logs.get(incident) ?? [];
      const page = log.slice(afterSeq, afterSeq + limit).filter((commit) => commit !== undefined);
      return { commits: page, more: log.length > afterSeq + limit };
    },
    readTail: async (incident) => {
      const [head, newest] = [heads.get(incident), logs.get(incident)?.at(-1)];
      return { ...(head && { head }), ...(newest && { newest }) };
    },
    putHead: async (incident, head) => {
      const stored = heads.get(incident);
      const forward =
        stored === undefined || stored.seq < head.seq || (stored.seq === head.seq && stored.version !== head.version);
      if (forward) heads.set(incident, head);
    },
    readLatestNumber: async () => latest,
    raiseLatestNumber: async (number) => {
      latest = Math.max(latest, number);
    },
    readRequest: async (requestId) => requests.get(requestId),
    putRequest: async (requestId, incident) => {
      requests.set(requestId, incident);
    },
    putOpen: async (incident, seq) => {
      open.set(incident, Math.max(seq, open.get(incident) ?? 0));
    },
    removeOpen: async (incident, seq) => {
      if ((open.get(incident) ?? 0) <= seq) open.delete(incident);
    },
    readOpen: async () => [...open.keys()].sort((a, b) => a - b),
    putChannel: async (channelId, incident) => {
      channels.set(channelId, (channels.get(channelId) ?? new Set()).add(incident));
    },
    readChannel: async (channelId) => [...(channels.get(channelId) ?? [])].sort((a, b) => b - a),
  };
};

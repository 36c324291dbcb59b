import { createMemoryLogStore } from '../../src/adapters/memory/log-store.ts';
import { describeIncidentLog } from './incident-log.ts';

describeIncidentLog('memory', async () => ({ createStore: async () => createMemoryLogStore(), close: async () => {} }));

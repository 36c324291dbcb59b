/** Bundles the handlers as a deployment does, with the very options of serverless.yml, and loads them into plain Node. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DurableLambdaHandler } from '@aws/durable-execution-sdk-js';
import { build } from 'esbuild';
import { bundleOptions } from '../../infra/bundle-options.ts';
import type { SqsWorker } from '../../src/adapters/queue/sqs-worker.ts';
import type { SlackFunction } from '../../src/lambda/slack.ts';

export type Handlers = { readonly slack: SlackFunction; readonly work: SqsWorker; readonly fix: DurableLambdaHandler };

export const loadBundles = async (): Promise<{ readonly handlers: Handlers; readonly remove: () => Promise<void> }> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'firebreak-bundles-'));
  const names = ['slack', 'work', 'fix'] as const;
  await build({ ...bundleOptions(), entryPoints: names.map((name) => `handlers/${name}.ts`), outdir: folder });
  const require = createRequire(import.meta.url);
  const load = (name: string) => require(path.join(folder, `${name}.cjs`)).handler;
  return {
    handlers: { slack: load('slack'), work: load('work'), fix: load('fix') },
    remove: () => rm(folder, { recursive: true }),
  };
};

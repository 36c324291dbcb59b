/**
 * What a cold start costs: `npx node bench/cold-start.ts`. Import and first signed slash command, each in a process of its own, in
 * turns: the Slack function as it is deployed, against the smallest Bolt app there is, not bundled, that answers one command.
 * The ratio travels; the milliseconds are this machine's.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { bundleOptions } from '../infra/bundle-options.ts';

const ROUNDS = 15;

const folder = mkdtempSync(path.join(tmpdir(), 'firebreak-bench-'));
const bundle = async (name: string, changes: BuildOptions): Promise<string> => {
  const { outExtension: _, ...options } = bundleOptions();
  const outfile = path.join(folder, `${name}.cjs`);
  await build({ ...options, ...changes, entryPoints: ['handlers/slack.ts'], outfile });
  return outfile;
};

const start = path.resolve('bench/cold-start/start.ts');
const once = (file: string, nodeOptions: readonly string[] = []): number => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [...nodeOptions, start, file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file} did not answer: ${stderr}`);
  return Number(stdout);
};
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

const sides = {
  'minimal Bolt app, not bundled': { file: path.resolve('bench/cold-start/minimal.ts') },
  'as deployed': { file: await bundle('deployed', {}) },
  'with the runbooks as YAML': { file: await bundle('yaml', { plugins: [] }) },
  'without the stubs': { file: await bundle('whole', { alias: {} }) },
  minified: { file: await bundle('minified', { minify: true, keepNames: true }) },
  'minified, with source maps on': {
    file: await bundle('mapped', { minify: true, keepNames: true, sourcemap: 'linked' }),
    nodeOptions: ['--enable-source-maps'],
  },
};
const times = new Map<string, number[]>(Object.keys(sides).map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round++)
  for (const [name, side] of Object.entries(sides))
    times.get(name)!.push(once(side.file, 'nodeOptions' in side ? side.nodeOptions : []));
rmSync(folder, { recursive: true });

const [, base = []] = [...times][0]!;
console.log(`Import and first signed command, median of ${ROUNDS}:`);
for (const [name, values] of times)
  console.log(`${name.padEnd(32)}${median(values).toFixed(0).padStart(5)} ms   × ${(median(values) / median(base)).toFixed(2)}`);

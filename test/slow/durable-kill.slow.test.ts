// How: a machine is killed with SIGKILL at each of its writes, before it and after it, and another one takes up its folder. What
// really ran is noted outside of the table, so that it can be counted.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';

const CHILD = path.join(import.meta.dirname, 'kill', 'child.ts');
const AT_ONCE = 2;
/** A life lasts a second or two; one that lasts longer has lost something that it waits for. */
const LIFE_MS_MAX = 30_000;

type Kill = { readonly write: number; readonly when: 'before' | 'after' };
type Done = {
  readonly outcome: { readonly status: string; readonly result: string };
  readonly writes: number;
};

const live = (folder: string, kill?: Kill): Promise<number | NodeJS.Signals | null> =>
  new Promise((resolve, reject) => {
    const more = kill === undefined ? [] : [String(kill.write), kill.when];
    const child = spawn(process.execPath, [CHILD, folder, ...more], {
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: LIFE_MS_MAX,
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(signal ?? code));
  });

/** A first life that is killed, and a second one that is not. */
const liveTwice = async (kill?: Kill) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'firebreak-kill-'));
  try {
    const ends = [await live(folder, kill)];
    if (kill !== undefined) ends.push(await live(folder));
    const read = (file: string): string => (existsSync(`${folder}/${file}`) ? readFileSync(`${folder}/${file}`, 'utf8') : '');
    const counts: Record<string, number> = {};
    for (const line of read('journal.txt').trim().split('\n')) counts[line] = (counts[line] ?? 0) + 1;
    const done: Done | undefined = JSON.parse(read('done.json') || 'null') ?? undefined;
    return { ends, counts, done };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const assertWhole = ({ counts, done }: Awaited<ReturnType<typeof liveTwice>>, name: string): void => {
  expect(done?.outcome.status, name).toBe('succeeded');
  const result = JSON.parse(done?.outcome.result ?? 'null');
  expect(result, name).toMatchObject({ approval: 'by Ana', tried: 2 });
  expect(
    Object.keys(counts).filter((line) => line.startsWith('error')),
    name,
  ).toEqual([]);
  for (const step of ['plan', 'ask', 'try 1', 'try 2', 'announce']) {
    expect(counts[step] ?? 0, `${name}: ${step}`).toBeGreaterThanOrEqual(1);
    expect(counts[step] ?? 0, `${name}: ${step}`).toBeLessThanOrEqual(2); // once in each life that was in it
  }
  expect(counts['mutate'] ?? 0, `${name}: what may happen once happened at most once`).toBeLessThanOrEqual(1);
  if (result.mutated === 'done') expect(counts['mutate'], name).toBe(1);
  else expect(result.mutated, name).toBe('unknown: StepInterruptedError');
};

test('a run survives a kill at each of its writes', async () => {
  const whole = await liveTwice();
  assertWhole(whole, 'never killed');
  expect(whole.counts).toEqual({ plan: 1, ask: 1, 'try 1': 1, 'try 2': 1, mutate: 1, announce: 1 });
  const writes = whole.done?.writes ?? 0;
  expect(writes).toBeGreaterThan(15);

  const kills = Array.from({ length: writes }, (_, i) => i + 1).flatMap((write): Kill[] => [
    { write, when: 'before' },
    { write, when: 'after' },
  ]);
  const planned = kills.length;
  let killed = 0;
  let unknownOutcomes = 0;
  const next = async (): Promise<void> => {
    for (let kill = kills.shift(); kill !== undefined; kill = kills.shift()) {
      const name = `killed ${kill.when} write ${kill.write}`;
      const lives = await liveTwice(kill);
      assertWhole(lives, name);
      expect(lives.ends.at(-1), name).toBe(0);
      if (lives.ends[0] === 'SIGKILL') killed += 1;
      if (lives.done?.outcome.result.includes('StepInterruptedError')) unknownOutcomes += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  expect(killed).toBeGreaterThan(planned - 6); // how many writes a life needs varies by one or two
  expect(unknownOutcomes).toBeGreaterThanOrEqual(1);
});

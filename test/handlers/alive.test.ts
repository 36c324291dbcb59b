/** In a process of its own: what ends when nothing is left to wait for can be seen from outside only. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const run = (expression: string) =>
  spawnSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { alive } from './src/lambda/alive.ts';
       import { createClock } from './src/adapters/clock.ts';
       const waits = () => new Promise((resolve) => createClock().after(20, () => resolve('waited')));
       console.log(await (${expression})());`,
    ],
    { encoding: 'utf8' },
  );

test('a handler that waits on our clock alone is not ended before it has answered', () => {
  expect(run('alive(waits)')).toMatchObject({ status: 0, stdout: 'waited\n' });
});

test('without it, Node ends while the handler waits', () => {
  expect(run('waits')).toMatchObject({ status: 13, stdout: '' });
});

test('a handler that fails still fails, and leaves nothing behind that keeps the process', () => {
  expect(run("() => alive(async () => { throw new Error('no'); })().catch(({ message }) => message)")).toMatchObject({
    status: 0,
    stdout: 'no\n',
  });
});

/**
 * The main job in the production home: from `/incident start` to the postmortem, through the bundled functions, a FIFO queue and the
 * durable execution service. The account runs faster than the wall; the functions live on the wall's clock, as in Lambda.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { playMainJob } from '../../sandbox/script.ts';
import { type LambdaHome, startLambdaHome } from '../handlers/lambda-home.ts';

const SPEED = 20;

let home: LambdaHome;
beforeAll(async () => {
  home = await startLambdaHome({ speed: SPEED, trouble: 'oneServes502' });
});
afterAll(() => home.close());

test('every stage of the main job is reached, and nothing is given up', async () => {
  const printed: string[] = [];
  const reached = await playMainJob({ stack: home.stack, machine: home, print: (line) => printed.push(line) });
  expect(reached, printed.join('\n')).toBe(true);
  expect(home.dead).toEqual([]);
  expect(home.bucket.heard.map(({ operation }) => operation)).toEqual([
    expect.stringMatching(/^PUT \/evidence\/incidents\/\S+\.txt/),
    expect.stringMatching(/^PUT \/evidence\/incidents\/\S+\.txt/),
  ]);
});

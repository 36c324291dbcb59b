import { expect, test } from 'vitest';
import { once } from '../../src/lambda/once.ts';

const counted = (failures: number) => {
  const made = { times: 0 };
  const get = once(async () => {
    made.times++;
    if (made.times <= failures) throw new Error(`failure ${made.times}`);
    return made.times;
  });
  return { made, get };
};

test('nothing is made before it is needed, and then once, however many need it', async () => {
  const { made, get } = counted(0);
  expect(made.times).toBe(0);
  expect(await Promise.all([get(), get()])).toEqual([1, 1]);
  expect(await get()).toBe(1);
});

test('a failure is told to all who waited, and not kept', async () => {
  const { get } = counted(1);
  const both = await Promise.allSettled([get(), get()]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await get()).toBe(2);
});

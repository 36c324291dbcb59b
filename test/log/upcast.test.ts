import { expect, test } from 'vitest';
import { upcast } from '../../src/log/upcast.ts';

const upcasts = {
  renamed: [],
  grown: [
    (event: Readonly<Record<string, unknown>>) => ({ ...event, second: true }),
    (event: Readonly<Record<string, unknown>>) => ({ ...event, third: event['second'] }),
  ],
};

test.each([
  [
    { type: 'renamed', v: 1, a: 1 },
    { type: 'renamed', v: 1, a: 1 },
  ],
  [
    { type: 'grown', v: 1 },
    { type: 'grown', v: 3, second: true, third: true },
  ],
  [
    { type: 'grown', v: 2, second: false },
    { type: 'grown', v: 3, second: false, third: false },
  ],
  [
    { type: 'grown', v: 3 },
    { type: 'grown', v: 3 },
  ],
])('%j becomes %j', (older, current) => expect(upcast(older, upcasts)).toEqual(current));

test.each([
  [null, 'An event without a type and a version.'],
  ['grown', 'An event without a type and a version.'],
  [{ type: 'grown', v: 0 }, 'An event without a type and a version.'],
  [{ type: 'grown', v: 1.5 }, 'An event without a type and a version.'],
  [{ type: 'grown', v: 4 }, 'The event "grown" has version 4, and 3 is the newest known here.'],
  [{ type: 'shrunk', v: 1 }, 'The event "shrunk" is not known here.'],
  [{ type: 'constructor', v: 1 }, 'The event "constructor" is not known here.'],
])('%j is refused', (raw, sentence) => expect(() => upcast(raw, upcasts)).toThrow(sentence));

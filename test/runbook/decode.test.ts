import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { createDecode, decode, INPUT_CHARS_MAX, MATCHES_MAX, plainText, rankItems } from '../../src/runbook/decode.ts';
import { knownSymptom, meaningOf, symptomList } from '../../src/runbook/symptoms.ts';
import { CORPUS, KNOWN_MISSES, NO_SYMPTOMS } from '../runbooks/symptoms-corpus.ts';

const { symptoms } = symptomList.parse(parseYaml(readFileSync('runbooks/symptoms.yml', 'utf8')));
const decoded = (text: string) => decode(symptoms, text);
const ids = (text: string): string[] => decoded(text).matches.map(({ id }) => id);

const symptom = (id: string, patterns: readonly string[], items: readonly string[], means = `${id} is what it means`) =>
  knownSymptom.parse({
    id,
    says: 'a test',
    patterns,
    means,
    causes: items.map((item) => ({ item, because: `${item} is the cause` })),
    source: 'https://example.com/',
  });

describe.each(CORPUS)('what is said by $from', ({ messages }) => {
  test.each(messages)('%s', (message, id, firstItem) => {
    const { matches, points, decoded: line } = decoded(message);
    expect(matches.map((match) => match.id)).toContain(id);
    expect(points[0]).toBe(firstItem);
    expect(line).not.toBe('');
  });
});

test('the corpus is large, without repeats, and every symptom is in it', () => {
  const said = CORPUS.flatMap(({ messages }) => messages);
  expect(said.length).toBeGreaterThanOrEqual(150);
  expect(new Set(said.map(([message]) => message)).size).toBe(said.length);
  expect(new Set(said.map(([, id]) => id))).toEqual(new Set(symptoms.map(({ id }) => id)));
});

test('every pattern is proven by a message', () => {
  const said = CORPUS.flatMap(({ messages }) => messages.map(([message]) => plainText(message)));
  const unproven = symptoms.flatMap(({ id, patterns }) =>
    patterns.filter(({ regexp }) => !said.some((message) => regexp.test(message))).map(({ written }) => `${id}: ${written}`),
  );
  expect(unproven).toEqual([]);
});

test.each(KNOWN_MISSES)('a known miss: $message', ({ message }) => {
  expect(decoded(message)).toEqual({ matches: [], decoded: '', points: [] });
});

test.each(NO_SYMPTOMS)('no symptom: %s', (text) => {
  expect(ids(text)).toEqual([]);
});

describe('the line for the headline', () => {
  test.each([
    ['502 Bad Gateway from shop.example.com', '502 from shop.example.com: the target answered badly or closed the connection'],
    ['502 Bad Gateway', '502: the target answered badly or closed the connection'],
    ['dial tcp 10.0.2.10:5432: i/o timeout', 'Nothing answers at 10.0.2.10, port 5432: packets are dropped on the way'],
    ['curl: (28) Connection timed out after 5001 milliseconds', 'Nothing answers at the address: packets are dropped on the way'],
    [
      'User: arn:aws:sts::1:assumed-role/a/b is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::c/d',
      's3:GetObject is not allowed to the role that asks',
    ],
    [
      'Health checks failed with these codes: [404]',
      'The target answers its health check with 404, which is not the code that is expected',
    ],
    [
      "ssl: Host: shop.example.com. Hostname/IP does not match certificate's altnames: Host: shop.example.com. is not in",
      'The certificate is for another name than shop.example.com',
    ],
  ])('%s', (text, line) => {
    expect(decoded(text).decoded).toBe(line);
  });

  test('two meanings are said, more are counted', () => {
    expect(decoded('502 Bad Gateway, then NXDOMAIN, then No space left on device').decoded).toBe(
      'The disk is full; 502: the target answered badly or closed the connection; and 1 more',
    );
  });

  test('every sentence stands with and without what the message names', () => {
    const filled = { host: 'HOST', port: '80', code: 'CODE', name: 'NAME', action: 'a:B' };
    const bad = symptoms.flatMap((one) =>
      [meaningOf(one, {}), meaningOf(one, filled)].filter((line) => /[{}[\]|]|\s{2}|\s$|\.$|undefined/.test(line.trimEnd())),
    );
    expect(bad).toEqual([]);
  });
});

describe('the most specific wins', () => {
  const known = [
    symptom('generic', ['refused'], ['a']),
    symptom('specific', ['connection refused by <host>'], ['b']),
    symptom('other', ['out of memory'], ['c']),
  ];

  test('for the same words', () => {
    expect(decode(known, 'Connection refused by orders-db').matches.map(({ id }) => id)).toEqual(['specific']);
  });

  test('wherever it stands in the file', () => {
    expect(decode(known.toReversed(), 'Connection refused by orders-db').points).toEqual(['b']);
  });

  test('and other words are still explained, after it', () => {
    const { matches } = decode(known, 'out of memory, then refused, then connection refused by orders-db');
    expect(matches.map(({ id, matched }) => [id, matched])).toEqual([
      ['specific', 'connection refused by orders-db'],
      ['other', 'out of memory'],
      ['generic', 'refused'],
    ]);
  });

  test('what is kept is named by the words that it was recognised by', () => {
    expect(decode(known, 'connection refused by orders-db.').matches[0]).toMatchObject({
      matched: 'connection refused by orders-db.',
      captured: { host: 'orders-db' },
    });
  });
});

test('a vague symptom counts only where nothing else is recognised', () => {
  const known = [symptom('clear', ['disk full'], ['a']), { ...symptom('vague', ['it is down'], ['b']), vague: true }];
  expect(decode(known, 'it is down').points).toEqual(['b']);
  expect(decode(known, 'it is down, disk full').points).toEqual(['a']);
});

describe('as Slack sends it', () => {
  test.each([
    [
      'a host made a link',
      'curl: (7) Failed to connect to <http://shop.example.com|shop.example.com> port 80: Connection refused',
      'curl-connection-refused',
    ],
    ['a link made its address', 'curl: (6) Could not resolve host: http://shop.example.com', 'curl-name-not-resolved'],
    ['escaped brackets', '&lt;Code&gt;AccessDenied&lt;/Code&gt;', 'aws-access-denied'],
    [
      'typographic quotes',
      'could not translate host name “orders-db” to address: Name or service not known',
      'name-not-resolved',
    ],
    ['a code block', '```\ndial tcp 10.0.1.5:8080:\n  connect: connection refused\n```', 'connection-refused'],
    ['blanks that do not break', 'No\u00a0space\u00a0left\u00a0on\u00a0device', 'disk-full'],
    ['shouting', 'ERROR 502: BAD GATEWAY', 'http-502'],
  ])('%s', (_, text, id) => {
    expect(ids(text)).toEqual([id]);
  });

  test('a host that was made a link is named as it was typed', () => {
    expect(decoded('curl: (6) Could not resolve host: <http://shop.example.com|shop.example.com>').decoded).toBe(
      'The name shop.example.com does not resolve',
    );
  });
});

describe('within limits', () => {
  const noise = 'at com.example.Shop.serve(Shop.java:42) ';

  test('the start and the end of a long text are read, its middle is not', () => {
    const long = noise.repeat(200);
    expect(long.length).toBeGreaterThan(INPUT_CHARS_MAX);
    expect(ids(`NXDOMAIN ${long}`)).toEqual(['name-does-not-exist']);
    expect(ids(`${long} NXDOMAIN`)).toEqual(['name-does-not-exist']);
    expect(ids(`${long} NXDOMAIN ${long}`)).toEqual([]);
  });

  test('a log that says many things is cut to the most specific few', () => {
    const all = CORPUS.flatMap(({ messages }) => messages.slice(0, 1).map(([message]) => message)).join('\n');
    expect(decoded(all).matches).toHaveLength(MATCHES_MAX);
  });

  test('whatever is pasted has an answer, always the same, and points to items that exist', () => {
    const items = new Set(symptoms.flatMap(({ causes }) => causes.map(({ item }) => item)));
    const words = CORPUS.flatMap(({ messages }) => messages.map(([message]) => message));
    const pasted = fc.array(fc.oneof(fc.constantFrom(...words), fc.string(), fc.constantFrom('<', '&lt;', '\n', '{host}')), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(pasted, (parts) => {
        const text = parts.join(' ');
        const [once, again] = [decoded(text), decoded(text)];
        expect(again).toEqual(once);
        expect(once.points.every((point) => items.has(point))).toBe(true);
        expect(new Set(once.points).size).toBe(once.points.length);
        expect(once.decoded === '').toBe(once.matches.length === 0);
      }),
      { numRuns: 60 },
    );
  });
});

describe('several symptoms make one ranking', () => {
  const known = [
    symptom('one', ['alpha'], ['dns', 'groups', 'routes']),
    symptom('two', ['beta!'], ['capacity', 'groups']),
    symptom('three', ['gamma'], ['capacity']),
  ];
  const ranked = (...texts: readonly string[]) => rankItems(texts.map((text) => decode(known, text)));

  test('one symptom ranks its causes', () => {
    expect(ranked('alpha').map(({ itemId, score }) => [itemId, score])).toEqual([
      ['dns', 12],
      ['groups', 6],
      ['routes', 4],
    ]);
  });

  test('what two symptoms point to comes before what one does', () => {
    expect(ranked('alpha', 'beta!').map(({ itemId }) => itemId)).toEqual(['dns', 'groups', 'capacity', 'routes']);
    expect(ranked('alpha', 'beta!', 'gamma').map(({ itemId }) => itemId)).toEqual(['capacity', 'dns', 'groups', 'routes']);
  });

  test('with the reason of each', () => {
    expect(ranked('alpha', 'beta!').find(({ itemId }) => itemId === 'groups')?.reasons).toEqual([
      { symptom: 'one', because: 'groups is the cause' },
      { symptom: 'two', because: 'groups is the cause' },
    ]);
  });

  test('a symptom that is reported again adds nothing', () => {
    expect(ranked('alpha', 'alpha again')).toEqual(ranked('alpha'));
  });

  test('one text with both ranks as two texts do', () => {
    expect(decode(known, 'alpha beta!').points).toEqual(ranked('alpha', 'beta!').map(({ itemId }) => itemId));
  });

  test('nothing known ranks nothing', () => {
    expect(ranked('delta')).toEqual([]);
    expect(rankItems([])).toEqual([]);
  });
});

test('the core gets a line and points, and no line where nothing is known', () => {
  const ask = createDecode({ symptoms });
  expect(ask('Checkout returns 502')).toEqual({
    decoded: '502: the target answered badly or closed the connection',
    points: ['load-balancer-and-instances', 'what-changed', 'capacity', 'dependencies'],
  });
  expect(ask('something is odd')).toEqual({ points: [] });
});

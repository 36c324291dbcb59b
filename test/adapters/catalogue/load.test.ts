/** Each case breaks one line of runbooks that hold together, and the problem is found at the line and column of what is wrong. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCatalogue, type Registries } from '../../../src/adapters/catalogue/load.ts';
import type { Problem } from '../../../src/adapters/catalogue/yaml-file.ts';

/** Nothing but ids is looked at. */
const registries = { checks: [{ id: 'targets-are-healthy' }], fixes: [] } as unknown as Registries;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'runbooks-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let copies = 0;
/** A copy of a small catalogue; `files` replaces some, `undefined` takes one away. */
const copyWith = async (files: Readonly<Record<string, string | undefined>>): Promise<string> => {
  copies += 1;
  const copy = path.join(folder, String(copies), 'runbooks');
  await cp('test/adapters/catalogue/runbooks', copy, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(copy, name);
    await (text === undefined ? rm(file) : writeFile(file, text));
  }
  return copy;
};

const problemsOf = async (copy: string): Promise<readonly Problem[]> => {
  const loaded = await loadCatalogue(copy, registries);
  if ('catalogue' in loaded) return [];
  return loaded.problems.map((problem) => ({ ...problem, file: path.relative(copy, problem.file) }));
};

type Broken = {
  readonly what: string;
  readonly file: string;
  readonly replace: string | RegExp;
  readonly by: string;
  /** Line and column, from 1. */
  readonly at: readonly [line: number, column: number];
  readonly says: RegExp;
};

const CHECKLIST = 'checklists/default.yml';
const SERVICE = 'services/shop.yml';
const SYMPTOMS = 'symptoms.yml';
const RESPONSE = 'response.yml';

const BROKEN: readonly Broken[] = [
  {
    what: 'a checklist names a check that is not there',
    file: CHECKLIST,
    replace: 'check: targets-are-healthy',
    by: 'check: targets-are-fine',
    at: [8, 12],
    says: /There is no check "targets-are-fine"\. There are: .*targets-are-healthy/,
  },
  {
    what: 'two items have one id',
    file: CHECKLIST,
    replace: '- id: capacity',
    by: '- id: load-balancer',
    at: [10, 9],
    says: /Another item has the id "load-balancer" already/,
  },
  {
    what: 'a number is a word',
    file: CHECKLIST,
    replace: 'version: 3',
    by: 'version: three',
    at: [4, 10],
    says: /^version: Invalid input: expected number/,
  },
  {
    what: 'a key is missing: its mapping is named',
    file: CHECKLIST,
    replace: "    byHand: Look at the group's activity.\n",
    by: '',
    at: [10, 5],
    says: /^items\.1\.byHand: Invalid input/,
  },
  {
    what: 'a key is unknown',
    file: CHECKLIST,
    replace: 'title: Capacity',
    by: 'title: Capacity\n    probe: targets-are-healthy',
    at: [12, 12],
    says: /^items\.1: Unrecognized key: "probe"/,
  },
  {
    what: 'the YAML itself is broken',
    file: CHECKLIST,
    replace: 'title: Capacity',
    by: 'title: "Capacity',
    at: [13, 1],
    says: /quote/,
  },
  {
    what: 'an indentation is off: the value before it is named',
    file: SERVICE,
    replace: 'loadBalancer: shop-alb',
    by: '  loadBalancer: shop-alb',
    at: [2, 7],
    says: /^Nested mappings are not allowed/,
  },
  {
    what: 'a port is no port',
    file: SERVICE,
    replace: 'port: 5432',
    by: 'port: 70000',
    at: [8, 11],
    says: /^dependencies\.0\.port: Too big/,
  },
  {
    what: 'a service says neither where it is nor how to find it',
    file: SERVICE,
    replace: 'loadBalancer: shop-alb\n',
    by: '',
    at: [1, 1],
    says: /^The file: Give `loadBalancer` \(its name\) or `url`/,
  },
  {
    what: 'a symptom points to an item that is not there',
    file: SYMPTOMS,
    replace: 'item: capacity',
    by: 'item: capacities',
    at: [8, 17],
    says: /The checklist has no item "capacities"\. It has: load-balancer, capacity/,
  },
  {
    what: 'two symptoms have one id',
    file: SYMPTOMS,
    replace: '- id: disk-full',
    by: '- id: http-502',
    at: [10, 9],
    says: /Another symptom has the id "http-502" already/,
  },
  {
    what: 'a pattern is no regular expression',
    file: SYMPTOMS,
    replace: '"502 bad gateway"',
    by: "'502 (bad gateway'",
    at: [4, 16],
    says: /^symptoms\.0\.patterns\.0: Invalid regular expression/,
  },
  {
    what: 'a pattern may take too long',
    file: SYMPTOMS,
    replace: '"502 bad gateway"',
    by: "'502 .* gateway'",
    at: [4, 16],
    says: /^symptoms\.0\.patterns\.0: "\*" has no limit/,
  },
  {
    what: 'a sentence names what is never kept',
    file: SYMPTOMS,
    replace: 'means: The disk is full',
    by: 'means: The disk is full[ on {disk}]',
    at: [13, 12],
    says: /\{disk\} is never kept: one of host, port/,
  },
  {
    what: 'a sentence would have a hole',
    file: SYMPTOMS,
    replace: 'means: The disk is full',
    by: 'means: The disk of {host} is full',
    at: [13, 12],
    says: /\{host\} may have no value: write \{host\|other words\}/,
  },
  {
    what: 'a source is no address',
    file: SYMPTOMS,
    replace: 'https://man7.org/linux/man-pages/man3/errno.3.html',
    by: 'errno(3)',
    at: [16, 13],
    says: /^symptoms\.1\.source: Invalid URL/,
  },
  {
    what: 'a policy knows no such approver',
    file: RESPONSE,
    replace: 'irreversible: another-person',
    by: 'irreversible: somebody',
    at: [21, 17],
    says: /^approvals\.irreversible: Invalid option/,
  },
];

test('the runbooks that the cases break hold together', async () => {
  expect(await problemsOf(await copyWith({}))).toEqual([]);
});

test.each(BROKEN)('$what ($file:$at)', async ({ file, replace, by, at: [line, column], says }) => {
  const whole = await readFile(path.join('test/adapters/catalogue/runbooks', file), 'utf8');
  const broken = whole.replace(replace, by);
  expect(broken).not.toBe(whole);
  const problems = await problemsOf(await copyWith({ [file]: broken }));
  expect(problems[0]).toEqual({ file, line, column, message: expect.stringMatching(says) });
});

describe('files', () => {
  test('two that describe one service: the later one is at fault', async () => {
    const shop = await readFile('test/adapters/catalogue/runbooks/services/shop.yml', 'utf8');
    expect(await problemsOf(await copyWith({ 'services/stall.yml': `# The same again\n${shop}` }))).toEqual([
      { file: 'services/stall.yml', line: 2, column: 5, message: 'Another file describes the service "shop" already.' },
    ]);
  });

  test('no service at all', async () => {
    expect(await problemsOf(await copyWith({ [SERVICE]: undefined }))).toEqual([
      { file: 'services', line: 1, column: 1, message: 'No service is described: put one <id>.yml here.' },
    ]);
  });

  test.each([CHECKLIST, RESPONSE, SYMPTOMS])('%s is missing', async (file) => {
    expect(await problemsOf(await copyWith({ [file]: undefined }))).toEqual([
      { file, line: 1, column: 1, message: 'There is no such file.' },
    ]);
  });

  test('an empty one', async () => {
    const [problem] = await problemsOf(await copyWith({ [SYMPTOMS]: '' }));
    expect(problem).toEqual({ file: SYMPTOMS, line: 1, column: 1, message: expect.stringMatching(/^The file: Invalid input/) });
  });

  test('all that is wrong is said at once', async () => {
    const problems = await problemsOf(await copyWith({ [SYMPTOMS]: 'symptoms: 3\n', [CHECKLIST]: 'id: 7\n' }));
    expect([...new Set(problems.map(({ file }) => file))]).toEqual([CHECKLIST, SYMPTOMS]);
  });
});

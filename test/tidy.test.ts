/** Facts about the repository itself: a rule worth having is a test. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { checks, fixes } from '../runbooks/index.ts';
import { subcommands } from '../src/slack/commands/index.ts';

const LINES_MAX = 300;
const HANDLER_LINES_MAX = 30;

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(file));
const code = files.filter((file) => file.endsWith('.ts'));
const read = (file: string): string => readFileSync(file, 'utf8');

/** Each import of a file, resolved to a path in the repository or a package's name. */
const importsOf = (file: string): { readonly target: string; readonly typeOnly: boolean }[] =>
  [
    ...read(file).matchAll(/^(?:import|export)\s+(type\s)?[^;]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm),
  ].map(([, type, from, bare, dynamic]) => {
    const name = from ?? bare ?? dynamic ?? '';
    return { target: name.startsWith('.') ? path.join(path.dirname(file), name) : name, typeOnly: type !== undefined };
  });

type Direction = { readonly from: string; readonly never: RegExp; readonly why: string; readonly except?: RegExp };
const DIRECTIONS: readonly Direction[] = [
  { from: 'src/', never: /^(sandbox|bench|test|handlers)\//, why: 'what ships knows nothing of where it is tried', except: /^$/ },
  { from: 'handlers/', never: /^(sandbox|bench|test)\//, why: 'what ships knows nothing of where it is tried' },
  {
    from: 'runbooks/',
    never: /^(src\/(?!runbook\/)|sandbox|handlers)/,
    why: 'the catalogue speaks the vocabulary of src/runbook only',
  },
  { from: 'src/runbook/', never: /^(src\/(?!runbook\/)|runbooks)/, why: 'the vocabulary hangs on nothing' },
  { from: 'src/incident/', never: /^src\/(?!runbook\/|incident\/)|^runbooks/, why: 'the core hangs on the vocabulary only' },
  { from: 'src/slack/', never: /^src\/(workflow|adapters|durable)\//, why: 'Slack hands over to the queue' },
  { from: 'src/workflow/', never: /^src\/adapters\//, why: 'adapters are reached through ports' },
];
test.each(DIRECTIONS)('$from keeps its direction: $why', ({ from, never }) => {
  const wrong = code
    .filter((file) => file.startsWith(from))
    .flatMap((file) =>
      importsOf(file)
        .filter(({ target }) => never.test(target))
        .map(({ target }) => `${file} imports ${target}`),
    );
  expect(wrong).toEqual([]);
});

test('only adapters import AWS and Slack clients', () => {
  const clients = /^@aws-sdk\/|^@slack\/(web-api|bolt)/;
  const wrong = code
    .filter((file) => /^(src|handlers|runbooks)\//.test(file) && !file.startsWith('src/adapters/'))
    .filter((file) => !/^src\/(deps|machine|main|lambda)\.ts$|^src\/slack\/(app|receivers?)\b|^src\/(deps|compose)\//.test(file))
    .flatMap((file) =>
      importsOf(file)
        .filter(({ target, typeOnly }) => clients.test(target) && !typeOnly)
        .map(({ target }) => `${file} imports ${target}`),
    );
  expect(wrong).toEqual([]);
});

test.each(['src/incident/', 'src/runbook/', 'src/slack/views/', 'runbooks/'])(
  '%s is pure: no await, clock, randomness, environment',
  (folder) => {
    const impure = /\bawait\b|\bDate\.now\(|new Date\(\)|Math\.random|randomUUID|process\.env|setTimeout|setInterval/;
    const wrong = code
      .filter((file) => file.startsWith(folder))
      .flatMap((file) =>
        read(file)
          .split('\n')
          .flatMap((line, index) =>
            impure.test(line.replace(/\/\/.*|^\s*\*.*|'[^']*'/g, '')) ? [`${file}:${index + 1} ${line.trim()}`] : [],
          ),
      );
    expect(wrong).toEqual([]);
  },
);

test('files are kebab-case and short enough to be read whole', () => {
  const shipped = code.filter((file) => /^(src|handlers|runbooks|infra|sandbox|bench)\//.test(file));
  expect(shipped.filter((file) => !/^[a-z0-9-]+(\.[a-z0-9-]+)*\.ts$/.test(path.basename(file)))).toEqual([]);
  expect(shipped.filter((file) => read(file).split('\n').length - 1 > LINES_MAX)).toEqual([]);
  expect(code.filter((file) => file.startsWith('handlers/') && read(file).split('\n').length - 1 > HANDLER_LINES_MAX)).toEqual(
    [],
  );
});

test.each([
  { folder: 'runbooks/checks', ids: checks.map(({ id }) => id) },
  { folder: 'runbooks/fixes', ids: fixes.map(({ id }) => id) },
  { folder: 'src/slack/commands', ids: subcommands.map(({ name }) => name) },
])('$folder: one file each, all of them in the sorted registry', ({ folder, ids }) => {
  const names = code
    .filter((file) => path.dirname(file) === folder && !file.endsWith('/index.ts'))
    .map((file) => path.basename(file, '.ts'));
  expect([...ids].sort()).toEqual(names.sort());
  expect(ids).toEqual([...ids].sort());
});

test('dependencies are pinned, and the lock file names no registry', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json'));
  const loose = Object.entries<string>({ ...dependencies, ...devDependencies }).filter(
    ([, version]) => !/^(npm:[a-z]+@)?\d+\.\d+\.\d+$/.test(version),
  );
  expect(loose).toEqual([]);
  const hosts = [...read('package-lock.json').matchAll(/"resolved": "(https?:\/\/[^/"]+)/g)].map(([, host]) => host);
  expect(hosts.filter((host) => host !== 'https://registry.npmjs.org')).toEqual([]);
});

test('the tests run on the Node that Lambda runs', () => {
  expect(Number(process.versions.node.split('.')[0])).toBeGreaterThanOrEqual(24);
});

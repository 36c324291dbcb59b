import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { compiledCatalogue, sourceOf } from '../../infra/compiled-catalogue.ts';
import { checks, fixes } from '../../runbooks/index.ts';
import { catalogueOrThrow } from '../../src/adapters/catalogue/catalogue-or-throw.ts';

const entry = 'src/adapters/catalogue/catalogue-or-throw.ts';
const bundled = async (folder?: string): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    logLevel: 'silent',
    plugins: [compiledCatalogue(folder)],
  });
  return outputFiles[0]!.text;
};

test('a bundle answers what the runbooks say, patterns included', async () => {
  const module = await import(`data:text/javascript;base64,${Buffer.from(await bundled()).toString('base64')}`);
  const compiled = await module.catalogueOrThrow('nowhere', { checks, fixes });
  expect(compiled).toEqual(await catalogueOrThrow('runbooks', { checks, fixes }));
  expect(compiled.symptoms[0].patterns[0].regexp).toBeInstanceOf(RegExp);
});

test('a bundle reads no YAML', async () => {
  expect(await bundled()).not.toMatch(/\bparseDocument\b/);
});

test('runbooks that do not hold together are not bundled, and the place is told', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'firebreak-runbooks-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'response.yml'), 'severities: [');
  await expect(bundled(folder)).rejects.toThrow(/response\.yml:1:\d+/);
});

test.each([
  ['a string', 'it\'s "so"\n\u2028`', undefined],
  ['nothing', { a: undefined, b: null }, undefined],
  ['a pattern', [/a\/b"[/]/giu], undefined],
  ['a function', { a: () => 1 }, 'A function is not plain data.'],
  ['a date', [new Date(0)], 'Date is not plain data.'],
])('%s', (_, value, refused) => {
  if (refused === undefined) expect(new Function(`return ${sourceOf(value)};`)()).toEqual(value);
  else expect(() => sourceOf(value)).toThrow(refused);
});

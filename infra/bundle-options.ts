/** The options that functions are bundled with, from serverless.yml, for whoever bundles without deploying: tests and benches. */
import { readFileSync } from 'node:fs';
import type { BuildOptions } from 'esbuild';
import { parse } from 'yaml';
import { compiledCatalogue } from './compiled-catalogue.ts';

export const bundleOptions = (): BuildOptions => {
  const { custom } = parse(readFileSync(new URL('../serverless.yml', import.meta.url), 'utf8'));
  // The plugin of serverless has these three for itself.
  const { exclude: _exclude, outputFileExtension, plugins: _plugins, ...options } = custom.esbuild;
  return {
    ...options,
    plugins: [compiledCatalogue()],
    platform: 'node',
    target: 'node24',
    logLevel: 'error',
    outExtension: { '.js': outputFileExtension },
  };
};

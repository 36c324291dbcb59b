/**
 * Bundles have the catalogue compiled in: the YAML was read, checked and judged when they were made, so that a cold start need not.
 * That was half of it (`bench/cold-start.ts`). serverless.yml names this file as esbuild's plugin.
 */
import type { Plugin } from 'esbuild';
import { checks, fixes } from '../runbooks/index.ts';
import { catalogueOrThrow } from '../src/adapters/catalogue/catalogue-or-throw.ts';

/** What reads it in plain Node; bundles get what it would have answered. */
const READER = /[\\/]src[\\/]adapters[\\/]catalogue[\\/]catalogue-or-throw\.ts$/;

/** A value as source text. Code is not data: a function in the catalogue's data would be a mistake. */
export const sourceOf = (value: unknown): string => {
  if (value instanceof RegExp) return `new RegExp(${JSON.stringify(value.source)}, ${JSON.stringify(value.flags)})`;
  if (Array.isArray(value)) return `[${value.map(sourceOf).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    if (Object.getPrototypeOf(value) !== Object.prototype) throw new TypeError(`${value.constructor?.name} is not plain data.`);
    return `{${Object.entries(value)
      .map(([key, part]) => `${JSON.stringify(key)}:${sourceOf(part)}`)
      .join(',')}}`;
  }
  if (typeof value === 'function' || typeof value === 'symbol') throw new TypeError(`A ${typeof value} is not plain data.`);
  return value === undefined ? 'undefined' : JSON.stringify(value);
};

export const compiledCatalogue = (folder = 'runbooks'): Plugin => ({
  name: 'compiled-catalogue',
  setup: ({ onLoad }) => {
    onLoad({ filter: READER }, async () => {
      const { checks: _checks, fixes: _fixes, ...data } = await catalogueOrThrow(folder, { checks, fixes });
      return {
        loader: 'js',
        contents: `export const catalogueOrThrow = async (_folder, registries) => ({ ...registries, ...${sourceOf(data)} });`,
      };
    });
  },
});

export default [compiledCatalogue()];

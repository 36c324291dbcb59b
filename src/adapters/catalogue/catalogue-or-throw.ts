import { ConfigError } from '../../config.ts';
import type { Catalogue } from '../../runbook/catalogue.ts';
import { loadCatalogue, type Registries } from './load.ts';
import { problemLine } from './yaml-file.ts';

/** For a process that cannot do without. Throws a `ConfigError` that lists every problem with its place. */
export const catalogueOrThrow = async (folder: string, registries: Registries): Promise<Catalogue> => {
  const loaded = await loadCatalogue(folder, registries);
  if ('catalogue' in loaded) return loaded.catalogue;
  const lines = loaded.problems.map((problem) => `  ${problemLine(problem)}`);
  throw new ConfigError([`The runbooks in ${folder} do not hold together:`, ...lines].join('\n'));
};

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { type Catalogue, checklist } from '../../runbook/catalogue.ts';
import type { AnyCheck } from '../../runbook/define-check.ts';
import type { AnyFix } from '../../runbook/define-fix.ts';
import { responsePolicy } from '../../runbook/response.ts';
import { service } from '../../runbook/service.ts';
import { type Problem, readYaml, type YamlFile } from './yaml-file.ts';

export type Registries = { readonly checks: readonly AnyCheck[]; readonly fixes: readonly AnyFix[] };

/** The catalogue's data, `RUNBOOKS_DIR`: described without touching the code, refused at start when it does not hold together. */
export const loadCatalogue = async (
  folder: string,
  registries: Registries,
): Promise<{ readonly catalogue: Catalogue } | { readonly problems: readonly Problem[] }> => {
  const name = (...parts: string[]): string => path.join(path.basename(folder), ...parts);
  const read = <S extends Parameters<typeof readYaml>[2]>(schema: S, ...parts: string[]) =>
    readYaml(path.join(folder, ...parts), name(...parts), schema);
  const serviceFiles = (await readdir(path.join(folder, 'services')).catch(() => []))
    .filter((file) => file.endsWith('.yml'))
    .sort();
  const [items, response, ...services] = await Promise.all([
    read(checklist, 'checklists', 'default.yml'),
    read(responsePolicy, 'response.yml'),
    ...serviceFiles.map((file) => read(service, 'services', file)),
  ]);
  const problems = [items, response, ...services].flatMap((file) => ('problems' in file ? file.problems : []));
  if (!('ok' in items) || !('ok' in response) || problems.length > 0) return { problems };
  const described = services.flatMap((file) => ('ok' in file ? [file.ok] : []));
  const untrue = [
    ...danglingChecks(items.ok, registries),
    ...repeatedServices(described),
    ...(described.length === 0 ? [noService(name('services'))] : []),
  ];
  if (untrue.length > 0) return { problems: untrue };
  return {
    catalogue: {
      ...registries,
      checklist: items.ok.value,
      response: response.ok.value,
      services: described.map(({ value }) => value),
    },
  };
};

const danglingChecks = ({ file, value, at }: YamlFile<Catalogue['checklist']>, { checks }: Registries): Problem[] =>
  value.items.flatMap(({ check }, index) =>
    check === undefined || checks.some(({ id }) => id === check)
      ? []
      : [
          {
            file,
            ...at(['items', index, 'check']),
            message: `There is no check "${check}". There are: ${checks.map(({ id }) => id).join(', ')}`,
          },
        ],
  );

const repeatedServices = (files: readonly YamlFile<{ readonly id: string }>[]): Problem[] =>
  files.flatMap(({ file, value, at }, index) =>
    files.findIndex((other) => other.value.id === value.id) === index
      ? []
      : [{ file, ...at(['id']), message: `Another file describes the service "${value.id}" already.` }],
  );

const noService = (file: string): Problem => ({
  file,
  line: 1,
  column: 1,
  message: 'No service is described: put one <id>.yml here.',
});

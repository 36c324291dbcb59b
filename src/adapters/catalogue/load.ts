import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { type Catalogue, checklist } from '../../runbook/catalogue.ts';
import type { AnyCheck } from '../../runbook/define-check.ts';
import type { AnyFix } from '../../runbook/define-fix.ts';
import { responsePolicy } from '../../runbook/response.ts';
import { service } from '../../runbook/service.ts';
import { symptomList } from '../../runbook/symptoms.ts';
import { type Problem, readYaml, type YamlFile } from './yaml-file.ts';

export type Registries = { readonly checks: readonly AnyCheck[]; readonly fixes: readonly AnyFix[] };

/** The catalogue's data, `RUNBOOKS_DIR`: described without touching the code, refused at start when it does not hold together. */
export const loadCatalogue = async (
  folder: string,
  registries: Registries,
): Promise<{ readonly catalogue: Catalogue } | { readonly problems: readonly Problem[] }> => {
  const name = (...parts: string[]): string => path.join(folder, ...parts);
  const read = <S extends Parameters<typeof readYaml>[2]>(schema: S, ...parts: string[]) =>
    readYaml(name(...parts), name(...parts), schema);
  const serviceFiles = (await readdir(path.join(folder, 'services')).catch(() => []))
    .filter((file) => file.endsWith('.yml'))
    .sort();
  const [items, response, symptoms, ...services] = await Promise.all([
    read(checklist, 'checklists', 'default.yml'),
    read(responsePolicy, 'response.yml'),
    read(symptomList, 'symptoms.yml'),
    ...serviceFiles.map((file) => read(service, 'services', file)),
  ]);
  const problems = [items, response, symptoms, ...services].flatMap((file) => ('problems' in file ? file.problems : []));
  if (!('ok' in items) || !('ok' in response) || !('ok' in symptoms) || problems.length > 0) return { problems };
  const described = services.flatMap((file) => ('ok' in file ? [file.ok] : []));
  const untrue = [
    ...danglingChecks(items.ok, registries),
    ...repeated(items.ok, 'items', 'item'),
    ...danglingItems(symptoms.ok, items.ok.value),
    ...repeated(symptoms.ok, 'symptoms', 'symptom'),
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
      symptoms: symptoms.ok.value.symptoms,
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

const danglingItems = (
  { file, value, at }: YamlFile<z.output<typeof symptomList>>,
  { items }: Catalogue['checklist'],
): Problem[] =>
  value.symptoms.flatMap(({ causes }, nth) =>
    causes.flatMap(({ item }, index) =>
      items.some(({ id }) => id === item)
        ? []
        : [
            {
              file,
              ...at(['symptoms', nth, 'causes', index, 'item']),
              message: `The checklist has no item "${item}". It has: ${items.map(({ id }) => id).join(', ')}`,
            },
          ],
    ),
  );

/** Ids are what incidents remember, so each stands for one thing. */
const repeated = <K extends string>(
  { file, value, at }: YamlFile<Readonly<Record<K, readonly { readonly id: string }[]>>>,
  list: K,
  noun: string,
): Problem[] =>
  value[list].flatMap(({ id }, index, all) =>
    all.findIndex((other) => other.id === id) === index
      ? []
      : [{ file, ...at([list, index, 'id']), message: `Another ${noun} has the id "${id}" already.` }],
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

import type { Change, Group, ServiceMap } from '../../../src/runbook/entities.ts';
import { clockTime, spanInWords } from './times.ts';

/** `targetgroup/shop-web/1` for its ARN; ids as they are. */
const shortName = (resource: string): string =>
  resource.startsWith('arn:') ? resource.split(':').slice(5).join(':') || resource : resource;
export const resourceOf = ({ resources, detail }: Change): string =>
  resources.map(shortName).join(', ') || detail || 'no resource told';

export const changeLine = (change: Change): string => {
  const { at, by, action, resources, detail, error } = change;
  const what = resources.length > 0 && detail !== undefined ? ` (${detail})` : '';
  return `${clockTime(at)} ${by}: ${action} ${resourceOf(change)}${what}${error === undefined ? '' : `, refused: ${error}`}`;
};

/** `3 by marta, 1 by pipeline`, who did the newest first. */
export const countsByPerson = (changes: readonly Change[]): string =>
  [...Map.groupBy(changes, ({ by }) => by)].map(([by, mine]) => `${mine.length} by ${by}`).join(', ');

export const newestLine = (change: Change, now: string): string =>
  `${resourceOf(change)}: ${change.action} by ${change.by} ${spanInWords(change.at, now)} ago`;

/** What a deployment has left behind, however long ago: versions that run, and how young the youngest instance is. */
export const deployedLines = ({ groups, instances }: ServiceMap, now: string): readonly string[] =>
  groups.flatMap((group) => deployedLine(group, instances, now));

const deployedLine = (
  { name, members, templateVersion }: Group,
  instances: ServiceMap['instances'],
  now: string,
): readonly string[] => {
  const versions = Map.groupBy(members, ({ launchTemplateVersion }) => launchTemplateVersion ?? '?');
  const counted = [...versions].toSorted(([, a], [, b]) => b.length - a.length);
  const launched = instances.filter(({ id }) => members.some((member) => member.id === id)).map(({ launchedAt }) => launchedAt);
  const youngest = launched.toSorted().at(-1);
  if (youngest === undefined) return [];
  const running = counted.map(([version, mine], index) => `version ${version} ${index === 0 ? 'runs ' : ''}on ${mine.length}`);
  const next = templateVersion === undefined ? '' : `, the next launch takes version ${templateVersion}`;
  return [`${name}: launch template ${running.join(', ')}; the youngest instance is ${spanInWords(youngest, now)} old${next}`];
};

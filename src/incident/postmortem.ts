import type { Catalogue } from '../runbook/catalogue.ts';
import { serviceOf } from '../runbook/catalogue.ts';
import type { Recorded } from './events.ts';
import { keptBy } from './kept.ts';
import { inWords, metricsOf } from './metrics.ts';
import { type FixRun, type Incident, incidentName } from './state.ts';
import { type Names, timeline } from './timeline.ts';

export type PostmortemInput = {
  readonly incident: Incident;
  readonly log: readonly Recorded[];
  readonly catalogue: Catalogue;
  readonly now: string;
};

/** A draft from the record alone, in Markdown. What nobody knows yet is asked, not invented; what was never checked is said. */
export const postmortem = ({ incident, log, catalogue, now }: PostmortemInput): string => {
  const names = namesOf(catalogue);
  return [
    `# ${incidentName(incident.number)}: ${line(incident.title)}`,
    `Draft of ${clock(now)}, written from the log. ${incident.drill ? 'This was a drill. ' : ''}Blameless: it says what happened and what the system let happen.`,
    section('Summary', summary(incident, catalogue)),
    section('Numbers', numbers(incident)),
    section(
      'What users saw',
      incident.symptoms.map(
        ({ text, decoded, at }) => `- ${clock(at)} ${line(text)}${decoded === undefined ? '' : `: ${line(decoded)}`}`,
      ),
    ),
    section('What was checked', checked(incident, catalogue)),
    section('What was never checked', neverChecked(incident, catalogue)),
    section(
      'What was tried',
      incident.attempts.map(
        ({ what, result, by, at }) => `- ${clock(at)} ${line(what)} → ${line(result ?? 'no result noted')} (<@${by}>)`,
      ),
    ),
    section('What was kept', evidence(Object.values(incident.runs))),
    section('Cause', ['*Not known from the record.* What made it break, and what made it possible?']),
    section('What went well, what did not, where we were lucky', ['- …']),
    section(
      'Tasks',
      incident.tasks.map(
        ({ id, text, owner, done }) =>
          `- [${done ? 'x' : ' '}] ${id} ${line(text)}${owner === undefined ? '' : ` (<@${owner}>)`}`,
      ),
    ),
    section(
      'Timeline (UTC)',
      timeline(log, names).flatMap(({ at, who, text, weight }) =>
        weight === 'detail' ? [] : [`- ${clock(at)} ${line(text)}${who === 'bot' ? '' : ` (<@${who}>)`}`],
      ),
    ),
  ].join('\n\n');
};

export const namesOf = (catalogue: Catalogue): Names => ({
  check: (id) => catalogue.checklist.items.find((item) => item.id === id)?.title ?? id,
  role: (id) => catalogue.response.roles[id as keyof Catalogue['response']['roles']]?.title ?? id,
});

const section = (title: string, lines: readonly string[]): string =>
  `## ${title}\n${lines.length > 0 ? lines.join('\n') : '- nothing'}`;
/** People's words stay one line of Markdown. */
const line = (text: string): string => text.replace(/\s+/g, ' ').trim();
const clock = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 16)}`;

const summary = (incident: Incident, catalogue: Catalogue): string[] => {
  const { milestones: m } = incident;
  const service = serviceOf(catalogue, incident.serviceId)?.name;
  const roles = Object.entries(incident.roles).map(([role, holder]) => `${namesOf(catalogue).role(role)} <@${holder?.userId}>`);
  return [
    `- ${incident.severity.toUpperCase()}, ${incident.status}${service === undefined ? '' : `, service: ${service}`}.`,
    `- Declared by <@${incident.declaredBy}> at ${clock(incident.declaredAt)} UTC${m.mitigated === undefined ? '; users are not known to be served again' : `; users served again at ${clock(m.mitigated)}`}${m.resolved === undefined ? '' : `; resolved at ${clock(m.resolved)}`}.`,
    `- ${roles.length > 0 ? roles.join(', ') : 'Nobody took a role'}.`,
  ];
};

const numbers = (incident: Incident): string[] =>
  metricsOf(incident.milestones).map(({ title, seconds, means }) => `- ${title}: ${inWords(seconds)} (${means})`);

const checked = ({ checks }: Incident, { checklist }: Catalogue): string[] =>
  checklist.items.flatMap(({ id, title }) => {
    const check = checks[id];
    if (check?.settled !== true) return [];
    return [
      `- ${title}: **${check.state}**${check.was === undefined ? '' : ` (was ${check.was})`}${check.because === '' ? '' : `. ${line(check.because)}`}`,
      ...check.evidence.map((piece) => `  - ${line(piece)}`),
    ];
  });

const neverChecked = ({ checks }: Incident, { checklist }: Catalogue): string[] =>
  checklist.items.filter(({ id }) => checks[id]?.settled !== true).map(({ title, byHand }) => `- ${title}: ${byHand}`);

const evidence = (runs: readonly FixRun[]): string[] =>
  runs.flatMap((run) => {
    const kept = keptBy(run).map(({ name, where }) => `  - ${line(name)}: ${line(where)}`);
    return kept.length > 0 ? [`- ${line(run.plan.headline)}`, ...kept] : [];
  });

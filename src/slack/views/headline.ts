import type { ActionsBlockElement, KnownBlock } from '@slack/types';
import { rankFixes } from '../../incident/rank.ts';
import { type Incident, isOpen, isOver } from '../../incident/state.ts';
import type { ChatMessage } from '../../ports.ts';
import { checkOf, itemOf, serviceOf } from '../../runbook/catalogue.ts';
import type { RoleId } from '../../runbook/response.ts';
import { isoTime } from '../../time.ts';
import { person, typed, withPeople } from '../escape.ts';
import { MENU_ACTION_ID, type MenuAction, menuValue } from '../ids.ts';
import { fewOf } from '../limits.ts';
import { actions, button, context, divider, fitBlocks, message, option, section } from './blocks.ts';
import {
  between,
  CHECK_STATES,
  isSettled,
  itemsOf,
  numberWord,
  roleTitle,
  severityWord,
  shownState,
  span,
  statusWord,
  timeOfDay,
  type ViewContext,
} from './words.ts';

const SYMPTOMS_SHOWN = 3;
const POINTS_SHOWN = 3;
const FOUND_SHOWN = 5;
const TRIED_SHOWN = 5;
const TASKS_SHOWN = 5;
const MISSING_SHOWN = 5;
/** So that what can be done next is never what is cut. */
const FACTS_BLOCKS_MAX = 12;
const FACTS_CHARACTERS_MAX = 7_000;
const ROLES_SHOWN: readonly RoleId[] = ['commander', 'operations', 'communications', 'scribe'];

/** The one pinned message: everything that somebody who joins now would ask. */
export const headline = (incident: Incident, view: ViewContext): ChatMessage => {
  const title = typed(incident.title, 200);
  const text = `${severityWord(incident.severity)} ${title}: ${incident.status}`;
  const best = nextBest(incident, view);
  return message(text, [
    section([
      `${incident.drill ? '*DRILL* · ' : ''}*${severityWord(incident.severity)} · ${title}*   ${numberWord(incident.number)}`,
      statusLine(incident, view),
      rolesLine(incident, view),
    ]),
    ...takeButtons(incident, view),
    divider,
    ...fitBlocks(facts(incident, view), FACTS_BLOCKS_MAX, FACTS_CHARACTERS_MAX),
    section(`*Next best*   ${best.text}`),
    ...actions(best.buttons),
    ...missing(incident),
  ]);
};

const statusLine = (incident: Incident, { catalogue, now }: ViewContext): string => {
  const started = incident.milestones.started ?? incident.declaredAt;
  const { mitigated, resolved } = incident.milestones;
  const end = resolved ?? (isOpen(incident) ? undefined : incident.lastChangeAt);
  const service = serviceOf(catalogue, incident.serviceId);
  return [
    `*${statusWord(incident.status)}*`,
    `started ${timeOfDay(started)} (${span(between(started, end ?? now))})`,
    ...(mitigated === undefined ? [] : [`mitigated ${timeOfDay(mitigated)}`]),
    ...(resolved === undefined ? [] : [`resolved ${timeOfDay(resolved)}`]),
    ...(isOpen(incident) ? [updateDue(incident, catalogue, now)] : []),
    ...(service === undefined ? [] : [`service ${typed(service.name, 80)}`]),
    ...(incident.frozen === undefined
      ? []
      : [`🧊 *fixes frozen* by ${person(incident.frozen.by)}: ${typed(incident.frozen.reason, 100)}`]),
  ].join(' · ');
};

const updateDue = (incident: Incident, { response }: ViewContext['catalogue'], now: number): string => {
  const everyMs = response.severities[incident.severity].updateEveryMinutes * 60_000;
  const due = Date.parse(incident.lastUpdateAt ?? incident.declaredAt) + everyMs;
  const at = timeOfDay(isoTime(due));
  return due < now ? `*update overdue* since ${at}` : `next update due ${at}`;
};

const rolesLine = (incident: Incident, { catalogue }: ViewContext): string => {
  const expert: readonly RoleId[] = incident.roles.expert === undefined ? [] : ['expert'];
  return [...ROLES_SHOWN, ...expert].map((role) => `${roleTitle(catalogue, role)} ${holder(incident, role)}`).join(' · ');
};
const holder = (incident: Incident, role: RoleId): string => {
  const held = incident.roles[role];
  const proposed = incident.proposed[role];
  if (held !== undefined) return person(held.userId);
  return proposed === undefined ? '–' : `– (${person(proposed.userId)} is ${typed(proposed.why, 60)})`;
};

const takeButtons = (incident: Incident, { catalogue }: ViewContext): readonly KnownBlock[] => {
  if (!isOpen(incident)) return [];
  const free = ROLES_SHOWN.filter((role) => incident.roles[role] === undefined);
  return actions(
    free.map((role) => {
      const label = `Take ${roleTitle(catalogue, role)}`;
      return button(label, 'take-role', { incident: incident.number, role }, { nth: role });
    }),
  );
};

const facts = (incident: Incident, view: ViewContext): readonly KnownBlock[] => {
  const items = itemsOf(incident, view.catalogue);
  const found = items.filter(({ now }) => isSettled(now) && (now.state === 'fail' || now.state === 'unknown'));
  const telling = items.flatMap(({ check, now }) => {
    const label = checkOf(view.catalogue, check)?.tells;
    return label !== undefined && isSettled(now) && now.state === 'pass' ? [{ label, because: now.because }] : [];
  });
  const passed = items.filter(
    ({ check, now }) => shownState(now) === 'pass' && checkOf(view.catalogue, check)?.tells === undefined,
  );
  const unseen = items.filter(({ now }) => shownState(now) === 'not-run');
  const open = incident.tasks.filter(({ done }) => !done);
  const titleOf = (id: string): string => typed(itemOf(view.catalogue, id)?.title ?? id, 60);
  return [
    ...list('Symptoms', incident.symptoms.toReversed(), SYMPTOMS_SHOWN, ({ text, decoded, points }) =>
      [
        `“${typed(text, 200)}”`,
        ...(decoded === undefined ? [] : [`(decoded: ${typed(decoded, 200)})`]),
        ...(points.length === 0 ? [] : [`→ look at ${points.slice(0, POINTS_SHOWN).map(titleOf).join(', ')}`]),
      ].join(' '),
    ),
    ...list('Found', found, FOUND_SHOWN, ({ title, now }) => {
      const { sign, word } = CHECK_STATES[shownState(now)];
      return `${sign} ${typed(title, 60)} (${word}): ${typed(now?.because ?? '', 200)}`;
    }),
    ...telling.map(({ label, because }) => section(`*${typed(label, 20)}*   ${typed(because, 250)}`)),
    ...(passed.length === 0 ? [] : [section(`*Passed*   🟢 ${passed.map(({ title }) => typed(title, 60)).join(' · ')}`)]),
    ...list(
      'Tried',
      incident.attempts.toReversed(),
      TRIED_SHOWN,
      ({ what, result, by, at }) =>
        `${timeOfDay(at)} ${typed(what, 120)} → ${result === undefined ? 'no result yet' : typed(result, 160)}   ${person(by)}`,
    ),
    ...(unseen.length === 0 ? [] : [section(`*Not checked yet*   ${unseen.map(({ title }) => typed(title, 60)).join(' · ')}`)]),
    ...list(
      'Tasks',
      open,
      TASKS_SHOWN,
      ({ id, text, owner }) => `${id} ${typed(text, 150)}${owner === undefined ? '' : ` – ${person(owner)}`}`,
    ),
  ];
};

const list = <T>(label: string, things: readonly T[], max: number, line: (thing: T) => string): readonly KnownBlock[] => {
  if (things.length === 0) return [];
  const [first = '', ...rest] = fewOf(things, max, line);
  return [section([`*${label}*   ${first}`, ...rest.map((each) => `        ${each}`)])];
};

type NextBest = { readonly text: string; readonly buttons: readonly ActionsBlockElement[] };

const nextBest = (incident: Incident, view: ViewContext): NextBest => {
  const { number: incidentNumber } = incident;
  const value = { incident: incidentNumber };
  if (!isOpen(incident)) {
    const buttons = [button('Postmortem', 'show-postmortem', value), button('Timeline', 'show-timeline', value)];
    return { text: `Write down what was learnt. Not over? \`${view.commandName} reopen <reason>\``, buttons };
  }
  const fixes = button('Other fixes', 'pick-fix', value);
  const checks = button('Run all checks', 'run-all-checks', value);
  const mitigated = button('Mark mitigated', 'mark-mitigated', value);
  const rest = [fixes, checks, ...(incident.status === 'mitigated' ? [] : [mitigated]), menu(incident)];
  const running = Object.values(incident.runs).find((run) => !isOver(run) && run.status !== 'previewed');
  if (running !== undefined) return { text: `Under way: ${typed(running.plan.headline, 200)}. Watch it below.`, buttons: rest };
  const best = rankFixes(incident, view.catalogue)[0];
  const since = servedSince(incident);
  if (since !== undefined && incident.status !== 'mitigated' && best?.suggested !== true) {
    const mark = button('Mark mitigated', 'mark-mitigated', value, { style: 'primary' });
    return {
      text: `Users are served again since ${timeOfDay(since)}: mark it mitigated, then find the cause.`,
      buttons: [mark, fixes, checks, menu(incident)],
    };
  }
  if (best?.suggested && best.input !== undefined && best.tried === undefined && incident.status !== 'mitigated') {
    const preview = { incident: incidentNumber, fixId: best.fixId, input: best.input };
    const start = button(`${best.title}…`, 'preview-fix', preview, { style: 'primary' });
    return { text: `${typed(best.title, 80)}: ${typed(best.why, 200)}; users served ${best.promise}`, buttons: [start, ...rest] };
  }
  const unseen = itemsOf(incident, view.catalogue).some(({ check, now }) => check !== undefined && shownState(now) === 'not-run');
  if (unseen) return { text: 'Run all checks: reads only, takes seconds.', buttons: [checks, fixes, ...rest.slice(2)] };
  if (incident.status === 'mitigated') return { text: 'Users are served again. Find the cause, then resolve.', buttons: rest };
  const failed = itemsOf(incident, view.catalogue).findLast(({ now }) => shownState(now) === 'fail');
  if (failed !== undefined) {
    // The items go from what users see inward: the last that failed is nearest to the cause.
    const evidence = button(
      'Evidence',
      'show-evidence',
      { incident: incidentNumber, itemId: failed.id },
      { style: 'primary', says: `Evidence of ${failed.title}` },
    );
    return {
      text: `${typed(failed.title, 60)}: ${(failed.now?.suggests.length ?? 0) > 0 ? 'it still fails after what was tried' : 'no quick fix mends this'}. Read the evidence, mend it by hand, run the check again.`,
      buttons: [evidence, checks, fixes, ...rest.slice(2)],
    };
  }
  return { text: 'Check by hand what is not checked yet, or choose a fix.', buttons: rest };
};

/** When the last fix that was not undone saw users served again; what was seen before a reopening is not true any more. */
const servedSince = ({ runs, servedAt: sinceOpened }: Incident): string | undefined =>
  sinceOpened === undefined
    ? undefined
    : Object.values(runs)
        .flatMap(({ servedAt, undoneBy }) => (servedAt === undefined || undoneBy !== undefined ? [] : [servedAt]))
        .sort()
        .at(-1);

const menu = ({ number }: Incident): ActionsBlockElement => {
  const entry = (label: string, name: MenuAction) => option(label, menuValue(name, number));
  return {
    type: 'overflow',
    action_id: MENU_ACTION_ID,
    options: [
      entry('Roles', 'roles'),
      entry('Change the status', 'change-status'),
      entry('Change the severity', 'change-severity'),
      entry('Post an update', 'post-update'),
      entry('Timeline', 'show-timeline'),
    ],
  };
};

/** What does not work around the incident stays in sight until it does. */
const missing = (incident: Incident): readonly KnownBlock[] => {
  const all = Object.entries(incident.missing);
  if (all.length === 0) return [];
  const lines = fewOf(all, MISSING_SHOWN, ([what, { why, mend }]) =>
    [`⚠️ Missing: ${typed(what, 60)}. ${withPeople(why, 250)}`, ...(mend === undefined ? [] : [typed(mend, 200)])].join(' '),
  );
  return [context(lines.join('\n')), ...actions([button('Try again', 'set-up-again', { incident: incident.number })])];
};

import { createHash } from 'node:crypto';
import type { ModalView } from '@slack/types';
import type { WorkOf } from '../incident/commands.ts';
import { isPermitted, whyNot } from '../incident/permitted.ts';
import { type FixRun, type Incident, incidentName, isOver } from '../incident/state.ts';
import type { Chat, Clock, DurableRuns, Facts } from '../ports.ts';
import { type Catalogue, fixOf, serviceOf } from '../runbook/catalogue.ts';
import {
  type AnyFix,
  type Candidate,
  type GuardReport,
  type Plan,
  type Prepared,
  type RunContext,
  refuse,
} from '../runbook/define-fix.ts';
import type { ServiceMap } from '../runbook/entities.ts';
import { fact, isUnreadable } from '../runbook/facts.ts';
import { planFingerprint } from '../runbook/fingerprint.ts';
import { isoTime } from '../time.ts';
import type { Draw } from './draw.ts';
import { current, type IncidentStore, requestOf } from './incident-store.ts';

export type PreviewDeps = {
  readonly log: IncidentStore;
  readonly facts: Facts;
  readonly chat: Chat;
  readonly runs: DurableRuns;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly draw: Draw;
  readonly views: FixViews;
};
/** What the modal that waits for an answer becomes. */
export type FixViews = {
  readonly plan: (incident: Incident, run: FixRun) => ModalView;
  readonly refused: (incident: Incident, refusal: Refused) => ModalView;
  readonly picker: (incident: Incident, rows: readonly PickerRow[], problem?: string) => ModalView;
};
export type Refused = {
  readonly headline: string;
  readonly reports: readonly GuardReport[];
  readonly because: string;
  readonly toMakePossible: string;
};
export type PickerRow = { readonly fix: AnyFix; readonly candidates: readonly Candidate<Readonly<Record<string, string>>>[] };

const DAY_MS = 86_400_000;
/** Run ids are derived from the request, so that a request that comes twice previews one run. */
export const runIdOf = (requestId: string): string => `run-${createHash('sha256').update(requestId).digest('hex').slice(0, 12)}`;

export const previewFix = async (deps: PreviewDeps, work: WorkOf<'preview-fix'>): Promise<void> => {
  const incident = await current(deps.log, work.incident);
  if (incident === undefined) return;
  const fix = fixOf(deps.catalogue, work.fixId);
  const prepared = fix?.prepare(work.input);
  if (fix === undefined || prepared === undefined || 'invalid' in prepared) {
    const because = prepared !== undefined && 'invalid' in prepared ? prepared.invalid : `There is no fix ${work.fixId}.`;
    return show(
      deps,
      work.viewId,
      deps.views.refused(incident, {
        headline: fix?.title ?? work.fixId,
        reports: [],
        because,
        toMakePossible: 'Choose from the list: fix',
      }),
    );
  }
  if (!isPermitted(incident.status, 'preview-fix')) return notNow(deps, work, incident, fix.title);
  await preview(deps, work, incident, { title: fix.title, prepared });
};

/** Undo starts from what was recorded. */
export const previewUndo = async (deps: PreviewDeps, work: WorkOf<'preview-undo'>): Promise<void> => {
  const incident = await current(deps.log, work.incident);
  const run = incident?.runs[work.runId];
  if (incident === undefined) return;
  const fix = run === undefined ? undefined : fixOf(deps.catalogue, run.plan.fixId);
  const title = run === undefined ? 'Undo' : `Undo: ${run.plan.headline}`;
  const no = run === undefined || fix === undefined ? 'That run is too long ago: its record is in the timeline.' : whyNoUndo(run);
  if (run === undefined || fix === undefined || no !== undefined) {
    return show(
      deps,
      work.viewId,
      deps.views.refused(incident, {
        headline: title,
        reports: [],
        because: no ?? '',
        toMakePossible: 'The timeline says what was done.',
      }),
    );
  }
  const prepared = fix.prepareUndo({ plan: run.plan, steps: run.steps, chosen: work.chosen });
  await preview(deps, work, incident, { title, prepared, undoOf: run.runId });
};

const whyNoUndo = (run: FixRun): string | undefined => {
  if (run.plan.kind === 'undo') return 'An undo is not undone: run the fix again.';
  if (run.undoneBy !== undefined) return 'That was undone already.';
  if (Object.keys(run.steps).length === 0) return 'Nothing was done yet.';
  if (!isOver(run) && run.approval?.phase !== 2) return 'It is still running: stop it first, then undo.';
  return undefined;
};

type Course = { readonly title: string; readonly prepared: Prepared; readonly undoOf?: string };

const preview = async (
  deps: PreviewDeps,
  work: WorkOf<'preview-fix' | 'preview-undo'>,
  incident: Incident,
  course: Course,
): Promise<void> => {
  const runId = runIdOf(work.id);
  const seen = await deps.facts.open().gather(course.prepared.needs);
  const reports = course.prepared.look(seen);
  const no = reports.map(({ result }) => result).find((result) => result.outcome === 'refuse');
  const plan = no === undefined ? course.prepared.preview(seen, contextOf(deps, work, runId)) : undefined;
  if (plan === undefined) {
    const { because, toMakePossible } = no?.outcome === 'refuse' ? no : refuse('It cannot be previewed.', 'Try again.');
    await deps.log.append(incident.number, requestOf(work, 'refused'), () => [
      { type: 'fix-refused', v: 1, runId, headline: course.title, because, toMakePossible },
    ]);
    return show(deps, work.viewId, deps.views.refused(incident, { headline: course.title, reports, because, toMakePossible }));
  }
  await recordPreview(deps, work, incident, {
    runId,
    plan,
    reports,
    ...(course.undoOf !== undefined && { undoOf: course.undoOf }),
  });
  const after = await current(deps.log, incident.number);
  const run = after?.runs[runId];
  if (after !== undefined && run !== undefined) await show(deps, work.viewId, deps.views.plan(after, run));
};

type Previewed = {
  readonly runId: string;
  readonly plan: Plan;
  readonly reports: readonly GuardReport[];
  readonly undoOf?: string;
};
const recordPreview = async (
  deps: PreviewDeps,
  work: WorkOf<'preview-fix' | 'preview-undo'>,
  incident: Incident,
  { runId, plan, reports, undoOf }: Previewed,
): Promise<void> => {
  await deps.log.append(incident.number, requestOf(work, 'previewed'), (now) => {
    const before = now?.runs[runId];
    // It comes again, and was started meanwhile: what it does is not to be forgotten.
    if (before !== undefined && before.status !== 'previewed') return [];
    const fingerprint = planFingerprint(plan, reports);
    const undoes = undoOf === undefined ? {} : { undoOf };
    return [{ type: 'fix-previewed', v: 1, runId, plan, guards: [...reports], fingerprint, ...undoes }];
  });
};

const contextOf = (
  { clock, catalogue }: PreviewDeps,
  work: { readonly incident: number; readonly by: string },
  runId: string,
): RunContext => {
  const now = clock.now();
  return {
    runId,
    incident: incidentName(work.incident),
    by: work.by,
    at: isoTime(now),
    expires: isoTime(now + catalogue.response.keepEvidenceDays * DAY_MS).slice(0, 10),
  };
};

const notNow = (
  deps: PreviewDeps,
  work: { readonly viewId?: string | undefined },
  incident: Incident,
  headline: string,
): Promise<void> =>
  show(
    deps,
    work.viewId,
    deps.views.refused(incident, { headline, reports: [], because: whyNot(incident.status), toMakePossible: 'reopen <reason>' }),
  );

const show = async ({ chat }: Pick<PreviewDeps, 'chat'>, viewId: string | undefined, view: ModalView): Promise<void> => {
  // Closed meanwhile: whoever closed it does not wait for it.
  if (viewId !== undefined) await chat.updateView(viewId, view);
};

/** Fills the picker: every fix with what it could be done to, from the service's map. Words that name one candidate preview it at once. */
export const listFixes = async (deps: PreviewDeps, work: WorkOf<'list-fixes'>): Promise<void> => {
  const incident = await current(deps.log, work.incident);
  if (incident === undefined) return;
  const service = serviceOf(deps.catalogue, incident.serviceId);
  const seen =
    service === undefined
      ? undefined
      : (await deps.facts.open().gather({ map: fact('service-map', { serviceId: service.id }) }))['map'];
  if (seen === undefined || isUnreadable(seen)) {
    const problem = isUnreadable(seen) ? seen.because : 'No service is named: say which one is broken.';
    return show(deps, work.viewId, deps.views.picker(incident, [], problem));
  }
  const rows = deps.catalogue.fixes
    .filter(({ id }) => work.fixId === undefined || id === work.fixId)
    .map((fix) => ({ fix, candidates: fix.candidates(seen as ServiceMap) }));
  const named =
    work.words.length === 0
      ? []
      : rows.flatMap(({ fix, candidates }) =>
          candidates
            .filter(({ input }) => work.words.every((word) => Object.values(input).includes(word)))
            .map(({ input }) => ({ fixId: fix.id, input })),
        );
  const [one] = named;
  if (one !== undefined && named.length === 1) return previewFix(deps, { ...work, kind: 'preview-fix', ...one });
  const problem =
    work.words.length > 0 && named.length === 0 ? `Nothing of this service is called ${work.words.join(' ')}.` : undefined;
  await show(deps, work.viewId, deps.views.picker(incident, rows, problem));
};

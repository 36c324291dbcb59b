import type { Logger } from 'pino';
import type { WorkOf, WorkRequest } from '../incident/commands.ts';
import { type DecideContext, decide, type Refused } from '../incident/decide.ts';
import type { Incident } from '../incident/state.ts';
import type { ChatMessage, Queue } from '../ports.ts';
import { answerRun, startRun, wakeStopped } from './answer-run.ts';
import { current, requestOf } from './incident-store.ts';
import { type OpenDeps, openIncident, setUp } from './open-incident.ts';
import { listFixes, type PreviewDeps, previewFix, previewUndo } from './preview-fix.ts';
import { type CheckDeps, runChecks } from './run-checks.ts';
import { type ShowDeps, show, tell } from './show.ts';

export type WorkDeps = OpenDeps &
  PreviewDeps &
  CheckDeps &
  ShowDeps & {
    readonly queue: Queue;
    readonly logger: Logger;
    readonly decode: DecideContext['decode'];
    readonly refusal: (refused: Refused) => ChatMessage;
    /** What the channel or a person is told beyond the three messages: duties of a role, an update. */
    readonly echo: (incident: Incident, work: WorkOf<'command'>) => Promise<void>;
  };

/** Performs one request of the queue, then redraws what it changed. Done twice it is done once; a throw brings it again. */
export const createPerform =
  (deps: WorkDeps) =>
  async (work: WorkRequest): Promise<void> => {
    const refused = (await isThere(deps, work)) ? await perform(deps, work) : NO_INCIDENT;
    if (refused !== undefined) await tell(deps.chat, work.reply, deps.refusal(refused));
    if (work.kind !== 'declare' && DRAWN.has(work.kind)) await deps.draw(work.incident);
  };

/** A button outlives the table that its incident was in: whoever clicks it is told, and nothing is tried again. */
const isThere = async ({ log }: WorkDeps, work: WorkRequest): Promise<boolean> =>
  work.kind === 'declare' || (await log.load(work.incident)) !== undefined;
const NO_INCIDENT: Refused = { refused: 'There is no such incident.' };

/** Checks draw by themselves as verdicts come, previews and pages change only a modal. */
const DRAWN: ReadonlySet<WorkRequest['kind']> = new Set(['command', 'start-fix', 'answer-fix', 'preview-undo', 'redraw']);

const perform = async (deps: WorkDeps, work: WorkRequest): Promise<Refused | undefined> => {
  switch (work.kind) {
    case 'declare':
      await openIncident(deps, work);
      return undefined;
    case 'command':
      return command(deps, work);
    case 'run-checks':
      await runChecks(deps, work);
      return undefined;
    case 'preview-fix':
      await previewFix(deps, work);
      return undefined;
    case 'preview-undo':
      await previewUndo(deps, work);
      return undefined;
    case 'list-fixes':
      await listFixes(deps, work);
      return undefined;
    case 'start-fix':
      return startRun(deps, work);
    case 'answer-fix':
      return answerRun(deps, work);
    case 'show':
      return show(deps, work);
    case 'redraw': {
      const incident = await current(deps.log, work.incident);
      if (incident !== undefined) await setUp(deps, incident);
      return undefined;
    }
    default:
      return work satisfies never;
  }
};

const command = async (deps: WorkDeps, work: WorkOf<'command'>): Promise<Refused | undefined> => {
  const { items } = deps.catalogue.checklist;
  const appended = await deps.log.append(work.incident, requestOf(work), (incident, at) =>
    incident === undefined ? NO_INCIDENT : decide(incident, work.command, { by: work.by, at, items, decode: deps.decode }),
  );
  // Also when it was asked before: what did not stop then may be gone by now.
  if (work.command.do === 'stop-fix') await wakeStopped(deps, work.incident, work.command.runId);
  if (appended.outcome === 'refused') return appended.refusal;
  if (appended.incident.state !== undefined) await deps.echo(appended.incident.state, work);
  return undefined;
};

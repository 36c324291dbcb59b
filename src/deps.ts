/** The composition root: what the bot is, whatever it stands on. `machine.ts` and `lambda/` bring the adapters. */
import type { Logger } from 'pino';
import type { Workflows } from './durable/workflow.ts';
import { messageOf, type WorkRequest, workRequest } from './incident/commands.ts';
import type { DecideContext } from './incident/decide.ts';
import type { Calls, Chat, Clock, DurableRuns, Evidence, Facts, Queue, Worker } from './ports.ts';
import type { Catalogue } from './runbook/catalogue.ts';
import { fixPicker } from './slack/views/fix-picker.ts';
import { fixPreview, fixRefused } from './slack/views/fix-preview.ts';
import { refused } from './slack/views/told.ts';
import type { ViewContext } from './slack/views/words.ts';
import { isoTime } from './time.ts';
import { createAfterRun } from './workflow/after-run.ts';
import { RUN_FIX } from './workflow/answer-run.ts';
import { createDraw } from './workflow/draw.ts';
import { createEcho } from './workflow/echo.ts';
import type { IncidentStore } from './workflow/incident-store.ts';
import { createPerform } from './workflow/perform.ts';
import type { FixViews } from './workflow/preview-fix.ts';
import { runFix } from './workflow/run-fix.ts';
import { createScreens } from './workflow/screens.ts';

export type Parts = {
  readonly log: IncidentStore;
  readonly queue: Queue;
  readonly runs: DurableRuns;
  readonly chat: Chat;
  readonly facts: Facts;
  readonly calls: Calls;
  readonly evidence: Evidence;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly commandName: string;
  readonly decode: DecideContext['decode'];
};

export type Core = {
  /** Works one message of the queue. A throw brings it again. */
  readonly worker: Worker;
  readonly workflows: Workflows;
};

export const createCore = (parts: Parts): Core => {
  const { catalogue, clock, commandName, logger, queue } = parts;
  const screens = createScreens({ catalogue, commandName });
  const draw = createDraw({ ...parts, screens });
  const view = () => ({ catalogue, commandName, now: clock.now() });
  const enqueue = (work: WorkRequest): Promise<void> => queue.send(messageOf(work, isoTime(clock.now())));
  const perform = createPerform({
    ...parts,
    draw,
    views: fixViews(view),
    refusal: (no) => refused(no, { commandName }),
    echo: createEcho(parts),
    afterOpening: async (incident, by) => {
      const itemIds = catalogue.checklist.items.flatMap(({ id, check }) => (check === undefined ? [] : [id]));
      // Everybody asks it first, so it is asked before anybody does; reads only.
      if (incident.channel !== undefined && itemIds.length > 0)
        await enqueue({ kind: 'run-checks', id: `open-${incident.number}:checks`, by, incident: incident.number, itemIds });
    },
  });
  const afterRun = createAfterRun({ ...parts, enqueue });
  return {
    worker: async ({ id, body }) => {
      const parsed = workRequest.safeParse(jsonOf(body));
      // Nothing makes sense of it later either: dropped with a trace, so that it holds up nobody. What it says is people's, and not for the log.
      if (!parsed.success)
        return logger.error({ id, problem: parsed.error.message }, 'A request of the queue was not understood.');
      await perform(parsed.data);
    },
    workflows: { [RUN_FIX]: runFix({ ...parts, draw, ...afterRun }) },
  };
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const fixViews = (view: () => ViewContext): FixViews => ({
  plan: (incident, run) => fixPreview(run, incident, view()),
  refused: (incident, refusal) => fixRefused(refusal, incident, view()),
  picker: (incident, rows, problem) => fixPicker(incident, rows, view(), problem),
});

import type { Incident } from '../incident/state.ts';
import type { Catalogue } from '../runbook/catalogue.ts';
import { checklist } from '../slack/views/checklist.ts';
import { digestLine } from '../slack/views/digest.ts';
import { headline } from '../slack/views/headline.ts';
import { quickFixes } from '../slack/views/quick-fixes.ts';
import { runProgress } from '../slack/views/run-progress.ts';
import type { Screen, Screens } from './draw.ts';

/** Runs that are shown: from the click on. A preview lives in its modal. */
const isShown = ({ status }: { readonly status: string }): boolean => status !== 'previewed';

/** The messages of an incident, in the order in which they stand in its channel, and its line in the digest channel. */
export const createScreens =
  ({ catalogue, commandName }: { readonly catalogue: Catalogue; readonly commandName: string }): Screens =>
  (incident, now) => {
    const view = { catalogue, commandName, now };
    return [
      ...(incident.channel === undefined ? [] : inChannel(incident, incident.channel.id, view)),
      { slot: 'digest', channelId: catalogue.response.digestChannel, message: digestLine(incident, view) },
    ];
  };

const inChannel = (incident: Incident, channelId: string, view: Parameters<typeof headline>[1]): readonly Screen[] => [
  { slot: 'headline', channelId, message: headline(incident, view), pin: true },
  { slot: 'checklist', channelId, message: checklist(incident, view) },
  { slot: 'fixes', channelId, message: quickFixes(incident, view) },
  ...Object.values(incident.runs)
    .filter(isShown)
    .map((run): Screen => ({ slot: `run:${run.runId}`, channelId, message: runProgress(run, incident, view) })),
];

import type { WorkOf } from '../incident/commands.ts';
import type { Incident } from '../incident/state.ts';
import type { Chat } from '../ports.ts';
import type { Catalogue } from '../runbook/catalogue.ts';
import { topicFor } from '../slack/views/channel.ts';
import { decoded } from '../slack/views/decoded.ts';
import { roleDuties } from '../slack/views/roles.ts';
import { told } from '../slack/views/told.ts';
import { update } from '../slack/views/update.ts';
import { type DrawDeps, postOnce } from './draw.ts';
import { tell } from './show.ts';

export type EchoDeps = Pick<DrawDeps, 'log' | 'chat' | 'clock' | 'logger'> & {
  readonly chat: Chat;
  readonly catalogue: Catalogue;
  readonly commandName: string;
};

const NOT_POSTED = told('Your update is in the timeline, but Slack did not take the message: nobody who waits has seen it.');

const postUpdate = (deps: EchoDeps, incident: Incident, channelId: string, { id, by }: WorkOf<'command'>, text: string) =>
  postOnce(deps, incident, { slot: `update:${id}`, channelId, message: update(incident, text, by) });

/** What a command says beyond the three messages: the duties of a role to its holder, an update to everybody, the topic. */
export const createEcho =
  (deps: EchoDeps) =>
  async (incident: Incident, work: WorkOf<'command'>): Promise<void> => {
    const { command } = work;
    const channelId = incident.channel?.id;
    switch (command.do) {
      case 'take-role':
        await deps.chat.directMessage(command.userId, roleDuties(command.role, incident, deps));
        if (channelId !== undefined) await deps.chat.invite(channelId, [command.userId]);
        return;
      case 'change-severity':
      case 'change-status':
      case 'rename':
        if (channelId !== undefined) await deps.chat.setTopic(channelId, topicFor(incident));
        return;
      case 'report-symptom':
        await tell(deps.chat, work.reply, decoded(incident, command.text, { ...deps, now: deps.clock.now() }));
        return;
      case 'post-update':
        if (channelId === undefined || !(await postUpdate(deps, incident, channelId, work, command.text)).ok)
          await tell(deps.chat, work.reply, NOT_POSTED);
        return;
      default:
        return;
    }
  };

import type { ChatMessage } from '../../ports.ts';
import { typedLines } from '../escape.ts';
import { context, message, section } from './blocks.ts';
import type { Usage } from './told.ts';

export type HelpEntry = Usage & { readonly where: 'incident-channel' | 'anywhere'; readonly aliases: readonly string[] };

/** Printed from the commands themselves, so that it cannot be wrong. `first`: our own markup, said before it. */
export const help = (entries: readonly HelpEntry[], commandName: string, first?: string): ChatMessage => {
  const of = (where: HelpEntry['where']): readonly string[] =>
    entries
      .filter((entry) => entry.where === where)
      .map(({ name, aliases, summary }) => `\`${commandName} ${name}\`${also(aliases)} – ${typedLines(summary, 150)}`);
  const names = `${commandName}: ${entries.map(({ name }) => name).join(', ')}`;
  return message(first === undefined ? names : `${first}\n${names}`, [
    ...(first === undefined ? [] : [section(first)]),
    section(['*Anywhere*', ...of('anywhere')]),
    section(['*In an incident’s channel*', ...of('incident-channel')]),
    context(
      `Words in full: \`${commandName} help <command>\`. A 📌 reaction, or the message shortcut “Add to timeline”, keeps a message.`,
    ),
  ]);
};
const also = (aliases: readonly string[]): string => (aliases.length === 0 ? '' : ` (${aliases.join(', ')})`);

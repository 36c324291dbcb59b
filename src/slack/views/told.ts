/** What is said to one person alone: an answer, a refusal, the right usage. */
import type { ChatMessage } from '../../ports.ts';
import { typedLines, withPeople } from '../escape.ts';
import { context, message, section } from './blocks.ts';

/** Our own markup; callers escape what people typed. */
export const told = (markup: string): ChatMessage => message(markup, [section(markup.split('\n'))]);

/** Why not, and what to type or do next. Mentions of people are let through, nothing else is. */
export const refused = (
  { refused: why, tryThis }: { readonly refused: string; readonly tryThis?: string },
  { commandName }: { readonly commandName: string },
): ChatMessage => {
  const sentence = withPeople(why);
  const next =
    tryThis === undefined
      ? []
      : [context(isCommand(tryThis) ? `Try: \`${commandName} ${typedLines(tryThis, 300)}\`` : withPeople(tryThis))];
  return message(sentence, [section(sentence), ...next]);
};

/** Core's hints are either a sentence or what comes after the command's name. */
const isCommand = (hint: string): boolean => /^[a-z]/.test(hint);

export type Usage = { readonly name: string; readonly usage: readonly string[]; readonly summary: string };

/** The right usage of one subcommand, and what was wrong. */
export const usageOf = ({ usage, summary }: Usage, commandName: string, why?: string): ChatMessage => {
  const lines = usage.map((line) => `\`${commandName} ${typedLines(line, 200)}\``);
  const problem = why === undefined ? [] : [typedLines(why, 500)];
  return message([...problem, ...lines].join('\n'), [section([...problem, `*${typedLines(summary, 200)}*`, ...lines])]);
};

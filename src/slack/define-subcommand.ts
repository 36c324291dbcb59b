import type { ModalView } from '@slack/types';
import type { z } from 'zod';
import type { IncidentCommand, ReplyTo, WorkRequest } from '../incident/commands.ts';
import type { Incident } from '../incident/state.ts';
import type { ChatMessage } from '../ports.ts';
import type { Catalogue } from '../runbook/catalogue.ts';
import type { HelpEntry } from './views/help.ts';
import type { Words } from './words.ts';

/** What comes of a command: work for the queue, a modal that is open at once, or an answer to who typed it. */
export type Outcome =
  | { readonly do: 'enqueue'; readonly work: WorkRequest; readonly said?: string }
  /** `fillBy`: work that fills the modal once it is open. */
  | { readonly do: 'open'; readonly view: ModalView; readonly fillBy?: (viewId: string) => WorkRequest }
  | { readonly do: 'tell'; readonly message: ChatMessage }
  | { readonly do: 'show-usage'; readonly why: string };

export type CommandContext = {
  readonly catalogue: Catalogue;
  readonly userId: string;
  readonly channelId: string;
  /** The same for every delivery of the same command. */
  readonly requestId: string;
  /** `/incident` */
  readonly commandName: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly reply: ReplyTo;
  /** Every subcommand, for help. */
  readonly entries: readonly HelpEntry[];
  /** Read only for those that say so. */
  readonly openIncidents: readonly Incident[];
};
export type IncidentContext = CommandContext & { readonly incident: Incident };

export type SubcommandExample = {
  /** What comes after the subcommand's name. */
  readonly typed: string;
  readonly gives: Outcome['do'];
  /** What the work, or the modal's metadata, has in it. */
  readonly with?: Readonly<Record<string, unknown>>;
};

type Described<A> = {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** Each way to say it, without the command's name. */
  readonly usage: readonly [string, ...string[]];
  /** One line, for help. */
  readonly summary: string;
  readonly args: z.ZodType<A, Words>;
  readonly examples: readonly [SubcommandExample, ...SubcommandExample[]];
  readonly reads?: 'open-incidents';
};
type Placed<A> =
  | { readonly where: 'anywhere'; readonly run: (args: A, context: CommandContext) => Outcome }
  | { readonly where: 'incident-channel'; readonly run: (args: A, context: IncidentContext) => Outcome };

/** A subcommand as data, but for `run`, which is pure: it says what is to be done, and does nothing. */
export type Subcommand = Omit<Described<never>, 'args'> & {
  readonly aliases: readonly string[];
  readonly where: 'anywhere' | 'incident-channel';
  /** Words that are not understood answer with the usage; so does an incident that is not there. */
  readonly run: (words: Words, context: CommandContext & { readonly incident?: Incident | undefined }) => Outcome;
};

export const defineSubcommand = <A>(definition: Described<A> & Placed<A>): Subcommand => {
  const { name, aliases = [], usage, summary, examples, where, reads, args } = definition;
  return {
    name,
    aliases,
    usage,
    summary,
    examples,
    where,
    ...(reads !== undefined && { reads }),
    run: (words, context) => {
      const parsed = args.safeParse([...words]);
      if (!parsed.success) return { do: 'show-usage', why: parsed.error.issues[0]?.message ?? 'That was not understood.' };
      if (definition.where === 'anywhere') return definition.run(parsed.data, context);
      const { incident } = context;
      if (incident === undefined) return { do: 'show-usage', why: 'This works in the channel of an incident.' };
      return definition.run(parsed.data, { ...context, incident });
    },
  };
};

/** Work that one command of the incident's core is. */
export const commandWork = (
  {
    incident,
    requestId,
    userId,
    reply,
  }: Pick<IncidentContext, 'requestId' | 'userId' | 'reply'> & {
    readonly incident: Pick<Incident, 'number'>;
  },
  command: IncidentCommand,
): WorkRequest => ({ kind: 'command', id: requestId, by: userId, reply, incident: incident.number, command });
export const enqueueCommand = (context: IncidentContext, command: IncidentCommand): Outcome => ({
  do: 'enqueue',
  work: commandWork(context, command),
});

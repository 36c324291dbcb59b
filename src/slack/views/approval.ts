import type { KnownBlock, ModalView } from '@slack/types';
import { mustType } from '../../incident/decide-fix.ts';
import { keptBy } from '../../incident/kept.ts';
import type { FixRun, Incident } from '../../incident/state.ts';
import { person, typed } from '../escape.ts';
import { context, input, modal, section, textInput } from './blocks.ts';
import { typedInput } from './fix-preview.ts';
import { differences, guardLines, permissions, planTitle, promise, steps } from './plan.ts';
import { timeOfDay, type ViewContext } from './words.ts';

export const BREAK_GLASS = 'break-glass';
const REASON_CHARACTERS_MAX = 500;

/** The plan once more, for who has to agree; undefined when nothing is asked any more. */
export const approvalModal = (run: FixRun, incident: Incident, by: string, { catalogue }: ViewContext): ModalView | undefined => {
  if (run.approval === undefined) return undefined;
  const { phase, who } = run.approval;
  const { plan } = run;
  const target = mustType(incident, plan, phase, catalogue.response) ? plan.target : undefined;
  const alone = who === 'another-person' && by === run.by && catalogue.response.approvals.breakGlass;
  const channelId = incident.channel?.id;
  const metadata = {
    incident: incident.number,
    runId: run.runId,
    phase,
    ...(channelId !== undefined && { channelId }),
    ...(target !== undefined && { mustType: target }),
  };
  return modal('approve-fix', metadata, {
    title: phase === 2 ? 'Approve: irreversible' : 'Approve',
    submit: 'Approve',
    close: 'Not now',
    blocks: [
      section(planTitle(plan)),
      context(`Asked for by ${person(run.by)}.`),
      ...(phase === 1 ? differences(run.differs ?? []) : []),
      ...(phase === 1 ? [promise(plan), steps(plan), ...guardLines(run.guards)] : [soFar(run), steps(plan, 2)]),
      ...(target === undefined ? [] : [typedInput(target)]),
      ...(alone ? [breakGlass] : []),
      ...permissions(plan, phase === 2 ? 2 : undefined),
    ],
  });
};

/** What the first part came to: the reason to go on, or not to. */
const soFar = (run: FixRun): KnownBlock => {
  const kept = keptBy(run).map(({ name, where }) => typed(name.startsWith('vol-') ? where : name, 80));
  return section([
    run.servedAt === undefined
      ? '*Users* are not known to be served again'
      : `*Users* served again since ${timeOfDay(run.servedAt)}`,
    `*Kept* ${kept.length === 0 ? 'nothing' : kept.join(', ')}`,
    '*Undo* until you approve; not after',
  ]);
};

const breakGlass: KnownBlock = input(
  BREAK_GLASS,
  'Break-glass: why you approve your own request',
  textInput({ multiline: true, max: REASON_CHARACTERS_MAX }),
  { hint: 'Only for who holds a role, when nobody else can be reached. It goes on the record.' },
);

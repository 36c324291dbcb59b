import type { KnownBlock, ModalView } from '@slack/types';
import { mustType } from '../../incident/decide-fix.ts';
import type { FixRun, Incident } from '../../incident/state.ts';
import { person } from '../escape.ts';
import { context, input, modal, section, textInput } from './blocks.ts';
import { typedInput } from './fix-preview.ts';
import { differences, guardLines, permissions, planTitle, promise, steps } from './plan.ts';
import type { ViewContext } from './words.ts';

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
      promise(plan),
      steps(phase === 2 ? { ...plan, steps: plan.steps.filter((step) => step.phase === 2) } : plan),
      ...guardLines(run.guards),
      ...(target === undefined ? [] : [typedInput(target)]),
      ...(alone ? [breakGlass] : []),
      ...permissions(plan),
    ],
  });
};

const breakGlass: KnownBlock = input(
  BREAK_GLASS,
  'Break-glass: why you approve your own request',
  textInput({ multiline: true, max: REASON_CHARACTERS_MAX }),
  { hint: 'Only for who holds a role, when nobody else can be reached. It goes on the record.' },
);

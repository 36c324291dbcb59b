import { z } from 'zod';
import type { Plan, RunRecord } from '../../../src/runbook/define-fix.ts';
import type { Instance } from '../../../src/runbook/entities.ts';
import { type Answers, fact } from '../../../src/runbook/facts.ts';

export const input = z.strictObject({ groupName: z.string().min(1), instanceId: z.string().regex(/^i-[0-9a-z]+$/) });
export type Input = z.output<typeof input>;

export const needs = ({ groupName, instanceId }: Input) => ({
  group: fact('group', { name: groupName }),
  surroundings: fact('group-surroundings', { name: groupName }),
  launch: fact('launch-source', { groupName }),
  members: fact('instances-of-group', { name: groupName }),
  targetGroups: fact('target-groups-around', { groupName, instanceId }),
  instance: fact('instance', { id: instanceId }),
  volumes: fact('volumes-of', { instanceId }),
  ties: fact('ties-of', { instanceId }),
});
export type Facts = Answers<ReturnType<typeof needs>>;

/** What undo, the looks between steps and the report rest on, as it was when the plan was made. */
const before = z.object({
  minSize: z.number(),
  maxSize: z.number(),
  desired: z.number(),
  memberIds: z.array(z.string()),
  volumes: z.array(z.object({ id: z.string(), sizeGiB: z.number(), deleteOnTermination: z.boolean() })),
  /** Interfaces that outlive the instance. */
  interfacesKept: z.array(z.string()),
  /** Names of the target groups that did not call it healthy. */
  sickIn: z.array(z.string()),
});
export type Before = z.output<typeof before>;
export const beforeOf = ({ before: recorded }: Plan): Before => before.parse(recorded);
/** An undo's plan has its own choice beside it. */
export const inputOf = ({ input: recorded }: Plan): Input => z.object(input.shape).parse(recorded);

export const wasDone = ({ steps }: Pick<RunRecord, 'steps'>, stepId: string): boolean => steps[stepId]?.status === 'done';
/** It happened or may have happened. */
export const mayHaveRun = ({ steps }: Pick<RunRecord, 'steps'>, stepId: string): boolean =>
  steps[stepId] !== undefined && steps[stepId].status !== 'skipped';

/** `arn:aws:ssm:eu-west-3:111122223333:document/Firebreak-Diagnostics`, in the instance's account and region. */
export const DIAGNOSTICS_DOCUMENT = 'Firebreak-Diagnostics';
export const documentArn = ({ arn }: Instance): string => {
  const [, partition, , region, account] = arn.split(':');
  return `arn:${partition}:ssm:${region}:${account}:document/${DIAGNOSTICS_DOCUMENT}`;
};

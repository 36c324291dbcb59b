import type { FixRun } from '../incident/state.ts';
import type { FixStep } from '../runbook/define-fix.ts';
import { sessionName, sessionPolicyFor } from '../runbook/permission.ts';
import { redact } from '../runbook/redact.ts';
import type { FixDeps, StepResult } from './run-desk.ts';

/** Diagnostics that hang must not hold up the snapshots. */
const COLLECT_DEADLINE_MS = 60_000;

/** Best effort, side by side: what could be had is redacted and kept, what could not is said, and neither stops the run. */
export const collectEvidence = async (
  deps: Pick<FixDeps, 'calls' | 'evidence' | 'logger'>,
  run: FixRun,
  step: FixStep,
): Promise<Required<StepResult>> => {
  const session = { sessionName: sessionName(run.plan.run), policy: sessionPolicyFor(step, run.plan.run) };
  const pieces = await Promise.all(
    step.calls.map(async (call) => {
      const name = call.api === 'ec2:GetConsoleOutput' ? 'console output' : 'diagnostics';
      if (call.api !== 'ec2:GetConsoleOutput' && call.api !== 'ssm:SendCommand')
        return { name, line: `${name}: ${call.api} collects nothing` };
      try {
        const got = await deps.calls.collect(call, session, { deadlineMs: COLLECT_DEADLINE_MS });
        if (!got.ok) return { name, line: `no ${name}: ${got.why}` };
        const { text, count } = redact(got.text);
        const { where } = await deps.evidence.keep({
          incident: run.plan.run.incident,
          runId: run.runId,
          name: `${name.replace(' ', '-')}.txt`,
          text,
        });
        return {
          name,
          where,
          line: `${name} kept (${kilobytes(text)}${count > 0 ? `, ${count} ${count === 1 ? 'secret' : 'secrets'} redacted` : ''})`,
        };
      } catch (error) {
        deps.logger.warn({ err: error, runId: run.runId, name }, 'Evidence could not be kept.');
        return { name, line: `no ${name}: it could not be kept` };
      }
    }),
  );
  const seen = Object.fromEntries(pieces.flatMap(({ name, where }) => (where === undefined ? [] : [[name, where]])));
  return { outcome: Object.keys(seen).length > 0 ? 'done' : 'skipped', found: pieces.map(({ line }) => line).join('; '), seen };
};

const kilobytes = (text: string): string => `${Math.max(1, Math.round(Buffer.byteLength(text) / 1_000))} kB`;

import type { Subcommand } from '../define-subcommand.ts';
import { check } from './check.ts';
import { fix } from './fix.ts';
import { freeze } from './freeze.ts';
import { handover } from './handover.ts';
import { help } from './help.ts';
import { list } from './list.ts';
import { mitigated } from './mitigated.ts';
import { note } from './note.ts';
import { postmortem } from './postmortem.ts';
import { reopen } from './reopen.ts';
import { resolve } from './resolve.ts';
import { role } from './role.ts';
import { severity } from './severity.ts';
import { start } from './start.ts';
import { status } from './status.ts';
import { symptom } from './symptom.ts';
import { task } from './task.ts';
import { timeline } from './timeline.ts';
import { tried } from './tried.ts';
import { undo } from './undo.ts';
import { unfreeze } from './unfreeze.ts';
import { update } from './update.ts';

/** The only list: sorted by name. What is not in here does not exist for the bot. */
export const subcommands: readonly Subcommand[] = [
  check,
  fix,
  freeze,
  handover,
  help,
  list,
  mitigated,
  note,
  postmortem,
  reopen,
  resolve,
  role,
  severity,
  start,
  status,
  symptom,
  task,
  timeline,
  tried,
  undo,
  unfreeze,
  update,
];

/**
 * `npm run runbooks [folder]`: do the runbooks hold together? Each problem with its place, for editors and for CI;
 * nothing is asked of AWS or Slack. Exit 0 when they do, 1 when they do not.
 */
import { checks, fixes } from '../../../runbooks/index.ts';
import type { Catalogue } from '../../runbook/catalogue.ts';
import { counted, listed } from '../../runbook/words.ts';
import { loadCatalogue } from './load.ts';
import { problemLine } from './yaml-file.ts';

export const summary = ({ checks, fixes, checklist, services, symptoms }: Catalogue): string =>
  `${listed([
    counted(checks.length, 'check'),
    `${fixes.length} ${fixes.length === 1 ? 'fix' : 'fixes'}`,
    counted(checklist.items.length, 'item'),
    counted(services.length, 'service'),
    counted(symptoms.length, 'symptom'),
  ])} hold together.`;

/** What is printed, and how it ends. */
export const checkRunbooks = async (folder: string): Promise<{ readonly lines: readonly string[]; readonly exitCode: 0 | 1 }> => {
  const loaded = await loadCatalogue(folder, { checks, fixes });
  return 'catalogue' in loaded
    ? { lines: [summary(loaded.catalogue)], exitCode: 0 }
    : { lines: loaded.problems.map(problemLine), exitCode: 1 };
};

if (import.meta.main) {
  const { lines, exitCode } = await checkRunbooks(process.argv[2] ?? process.env['RUNBOOKS_DIR'] ?? 'runbooks');
  const out = exitCode === 0 ? process.stdout : process.stderr;
  out.write(`${lines.join('\n')}\n`);
  process.exitCode = exitCode;
}

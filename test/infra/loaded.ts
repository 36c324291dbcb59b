/** Which AWS actions the code that a handler loads could call: its imports are followed, and the SDK's commands collected. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '../..');
const IMPORT = /^(?:import|export)\s+(?!type\b)([^;]*?)\s*from\s+'([^']+)'/gm;

/** Every file of ours that is loaded with this one, itself included. */
const filesFrom = (entry: string): ReadonlySet<string> => {
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    for (const [, , from = ''] of readFileSync(path.join(ROOT, file), 'utf8').matchAll(IMPORT))
      if (from.startsWith('.')) visit(path.join(path.dirname(file), from));
  };
  visit(entry);
  return found;
};

/** Commands are named as their actions are, but these. */
const RENAMED: Readonly<Record<string, string>> = {
  'dynamodb:Get': 'dynamodb:GetItem',
  'dynamodb:Put': 'dynamodb:PutItem',
  'dynamodb:Delete': 'dynamodb:DeleteItem',
  'dynamodb:Update': 'dynamodb:UpdateItem',
  'lambda:Invoke': 'lambda:InvokeFunction',
};
/** The clients that a function uses as itself. All others speak as the read role or in a fix's session. */
const OWN: Readonly<Record<string, string>> = {
  '@aws-sdk/lib-dynamodb': 'dynamodb',
  '@aws-sdk/client-sqs': 'sqs',
  '@aws-sdk/client-lambda': 'lambda',
  '@aws-sdk/client-s3': 's3',
  '@aws-sdk/client-sts': 'sts',
};

export const actionsLoadedBy = (entry: string): readonly string[] => {
  const actions = [...filesFrom(entry)].flatMap((file) =>
    [...readFileSync(path.join(ROOT, file), 'utf8').matchAll(IMPORT)].flatMap(([, names = '', from = '']) =>
      OWN[from] === undefined
        ? []
        : [...names.matchAll(/(?<!type )\b(\w+)Command\b/g)].map(([, command]) => `${OWN[from]}:${command}`),
    ),
  );
  return [...new Set(actions.map((action) => RENAMED[action] ?? action))].sort();
};

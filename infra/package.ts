/**
 * `npm run package`: everything a deployment consists of, built offline into `.serverless/`: the CloudFormation template and one
 * zip for each function. What is given is passed on: `npm run package -- --param="commandName=/inc"`.
 */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';

/**
 * Zipped, in kilobytes. A larger package starts later: a dependency that slips in is to be noticed here, not by whoever waits for
 * the first answer of the night. Raise them with a reason.
 */
export const PACKAGE_KILOBYTES_MAX = { slack: 800, work: 1_500, fix: 1_500 } as const;

const main = (): number => {
  const given = process.argv.slice(2);
  const osls = createRequire(import.meta.url).resolve('serverless/bin/serverless.js');
  const { status } = spawnSync(process.execPath, [osls, 'package', ...given], { stdio: 'inherit' });
  if (status !== 0) return status ?? 1;

  const { package: folder } = parseArgs({ args: given, options: { package: { type: 'string' } }, strict: false }).values;
  const sizes = Object.entries(PACKAGE_KILOBYTES_MAX).map(([name, max]) => {
    const kilobytes = Math.ceil(statSync(path.join(String(folder ?? '.serverless'), `${name}.zip`)).size / 1_000);
    console.log(`${name.padEnd(6)}${String(kilobytes).padStart(6)} kB of ${max}`);
    return { name, tooLarge: kilobytes > max };
  });
  const tooLarge = sizes.filter((size) => size.tooLarge).map(({ name }) => name);
  if (tooLarge.length > 0) console.error(`Larger than allowed in infra/package.ts: ${tooLarge.join(', ')}`);
  return tooLarge.length;
};

if (import.meta.main) process.exitCode = main();

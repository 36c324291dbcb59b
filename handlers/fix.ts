/** Fix runs live here, each for as long as it takes. */
import { alive } from '../src/lambda/alive.ts';
import { createFixFunction } from '../src/lambda/fix.ts';

export const handler = alive(createFixFunction(process.env));

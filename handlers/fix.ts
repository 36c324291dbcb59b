/** Fix runs live here, each for as long as it takes. */
import { createFixFunction } from '../src/lambda/fix.ts';

export const handler = createFixFunction(process.env);

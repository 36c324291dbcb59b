/** What Slack sends arrives here, through the function's URL. */
import { alive } from '../src/lambda/alive.ts';
import { once } from '../src/lambda/once.ts';
import { createSlackFunction, type SlackFunction } from '../src/lambda/slack.ts';

const slack = once(() => createSlackFunction(process.env));

export const handler: SlackFunction = alive(async (event) => (await slack())(event));

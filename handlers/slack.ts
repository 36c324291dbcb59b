/** What Slack sends arrives here, through the function's URL. */
import { once } from '../src/lambda/once.ts';
import { createSlackFunction, type SlackFunction } from '../src/lambda/slack.ts';

const slack = once(() => createSlackFunction(process.env));

export const handler: SlackFunction = async (event) => (await slack())(event);

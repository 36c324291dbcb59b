/** One cold start: loads the handler that is named, sends it one signed command, prints the milliseconds that both took. */
import { createHmac } from 'node:crypto';

const [, , file = ''] = process.argv;
Object.assign(process.env, {
  SLACK_BOT_TOKEN: 'xoxb-bench',
  SLACK_SIGNING_SECRET: 'bench',
  AWS_REGION: 'eu-west-3',
  TABLE_NAME: 'bench',
  QUEUE_URL: 'http://127.0.0.1:9/bench.fifo',
  LOG_LEVEL: 'silent',
});
const body = new URLSearchParams({
  command: '/incident',
  text: 'help',
  trigger_id: '1.2.a',
  user_id: 'U0ANA',
  user_name: 'ana',
  channel_id: 'C0SHOP',
  channel_name: 'shop',
  team_id: 'T1',
  response_url: 'http://127.0.0.1:9/',
}).toString();
const timestamp = String(Math.floor(Date.now() / 1_000));
const signature = createHmac('sha256', 'bench').update(`v0:${timestamp}:${body}`).digest('hex');

const began = performance.now();
const { handler } = await import(file);
const answer = await handler(
  {
    rawPath: '/',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
    },
    body,
    isBase64Encoded: false,
  },
  {},
  () => undefined,
);
const took = performance.now() - began;
if (answer.statusCode !== 200) throw new Error(`It answered ${answer.statusCode}.`);
console.log(took);

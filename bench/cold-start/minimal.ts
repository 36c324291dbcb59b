/** The smallest Bolt app on Lambda, as its documentation writes it: what a cold start is measured against. */
import { App, AwsLambdaReceiver } from '@slack/bolt';

const receiver = new AwsLambdaReceiver({ signingSecret: process.env['SLACK_SIGNING_SECRET']! });
const app = new App({ token: process.env['SLACK_BOT_TOKEN']!, botId: 'B1', botUserId: 'U1', receiver });
app.command('/incident', async ({ ack }) => {
  await ack('On it.');
});

export const handler = receiver.toHandler();

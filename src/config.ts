import { z } from 'zod';

/** Everything the environment decides, read once at start. */
const setting = (why: string) => z.string({ error: why }).trim().min(1, why);

const roleArn = (why: string) =>
  setting(why).regex(/^arn:[\w-]+:iam::\d{12}:role\/.+/, `${why} It looks like arn:aws:iam::111122223333:role/firebreak-fix.`);

const shared = {
  SLACK_BOT_TOKEN: setting('The bot token of your Slack app (OAuth & Permissions, xoxb-…).'),
  SLACK_API_URL: z.url().optional(),
  SLACK_BOT_ID: z.string().optional(),
  SLACK_BOT_USER_ID: z.string().optional(),
  COMMAND_NAME: z
    .string()
    .regex(/^\/[a-z0-9-]{1,31}$/)
    .default('/incident'),
  AWS_REGION: setting('The region your service runs in, such as eu-west-3.'),
  AWS_ENDPOINT_URL: z.url().optional(),
  RUNBOOKS_DIR: z.string().default('runbooks'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
};

const signing = { SLACK_SIGNING_SECRET: setting('The signing secret of your Slack app (Basic Information).') };
const roles = {
  FIX_ROLE_ARN: roleArn('The role that fixes run under (infra/roles.yml makes it).'),
  READ_ROLE_ARN: roleArn('The role that checks read with.').optional(),
};

const machineConfig = z.object({
  ...shared,
  ...signing,
  ...roles,
  SLACK_APP_TOKEN: z.string().startsWith('xapp-', 'An app-level token begins with xapp-.').optional(),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3_000),
  /** The embedded table's folder; without it the table is DynamoDB's. */
  DATA_DIR: z.string().optional(),
  TABLE_NAME: z.string().default('firebreak'),
  EVIDENCE_BUCKET: z.string().optional(),
  EVIDENCE_DIR: z.string().optional(),
});
export type MachineConfig = z.output<typeof machineConfig>;

const stored = {
  TABLE_NAME: setting('The DynamoDB table.'),
  QUEUE_URL: z.url('The FIFO queue between the Slack function and the worker.'),
};

/** Of the Slack function: the only one that the internet reaches knows no more than it needs. */
const slackFunctionConfig = z.object({ ...shared, ...signing, ...stored });
export type SlackFunctionConfig = z.output<typeof slackFunctionConfig>;

/** Of the functions behind the queue. */
const lambdaConfig = z.object({
  ...shared,
  ...roles,
  ...stored,
  /** With its alias: a run stays on the version it began with. */
  FIX_FUNCTION_ARN: setting('The durable function that runs fixes, with its alias.'),
  EVIDENCE_BUCKET: setting('The private bucket that evidence is kept in.'),
  /** The bucket's own key. Without it evidence is encrypted with the account's key for S3. */
  EVIDENCE_KEY_ARN: z.string().optional(),
});
export type LambdaConfig = z.output<typeof lambdaConfig>;

/** As the Slack app takes them. */
export const slackSettings = (config: MachineConfig | SlackFunctionConfig) => ({
  commandName: config.COMMAND_NAME,
  token: config.SLACK_BOT_TOKEN,
  botId: config.SLACK_BOT_ID,
  botUserId: config.SLACK_BOT_USER_ID,
  slackApiUrl: config.SLACK_API_URL,
});

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Throws a `ConfigError` that names every setting that is missing or wrong, with what it is for. */
const read = <S extends z.ZodType>(schema: S, environment: Readonly<Record<string, string | undefined>>): z.output<S> => {
  // An empty variable is an unset one.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    [
      'These settings are needed and are missing or wrong:',
      ...parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`),
    ].join('\n'),
  );
};
export const readMachineConfig = (environment: Readonly<Record<string, string | undefined>>): MachineConfig =>
  read(machineConfig, environment);
export const readSlackFunctionConfig = (environment: Readonly<Record<string, string | undefined>>): SlackFunctionConfig =>
  read(slackFunctionConfig, environment);
export const readLambdaConfig = (environment: Readonly<Record<string, string | undefined>>): LambdaConfig =>
  read(lambdaConfig, environment);

/** `npm start`: the bot on this machine, from the environment. */
import { pino } from 'pino';
import { createClock } from './adapters/clock.ts';
import { ConfigError, readMachineConfig } from './config.ts';
import { EVENTS_PATH, startMachine } from './machine.ts';
import { onStop } from './on-stop.ts';

const NODE_MAJOR_MIN = 24;

const main = async (): Promise<void> => {
  // With `npm ci --ignore-scripts` the `node` package silently leaves the machine's own Node in front.
  if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR_MIN) {
    throw new ConfigError(
      `Node ${process.versions.node} is running; ${NODE_MAJOR_MIN} or newer is needed. Run "npm ci" without --ignore-scripts.`,
    );
  }
  const config = readMachineConfig(process.env);
  const logger = pino({ level: config.LOG_LEVEL });
  const machine = await startMachine(config, { clock: createClock(), logger });
  logger.info(
    machine.port === undefined
      ? 'Firebreak is connected by Socket Mode.'
      : `Firebreak listens on port ${machine.port} at ${EVENTS_PATH}.`,
  );
  onStop(machine.close, (error) => logger.error({ err: error }, 'Firebreak did not stop cleanly.'));
};

main().catch((error: unknown) => {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exitCode = 1;
});

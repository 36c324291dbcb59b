import { type Logger, pino } from 'pino';

/** One line of JSON for each entry, written before the function answers: a frozen container writes nothing. */
export const createLogger = (config: { readonly LOG_LEVEL: string }): Logger =>
  pino(
    { level: config.LOG_LEVEL, base: null, formatters: { level: (level) => ({ level }) } },
    pino.destination({ dest: 1, sync: true }),
  );

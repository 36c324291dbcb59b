/** Long enough to be rare, and it rings for nobody. */
const NEVER_MS = 60_000;

/**
 * The same handler, with something that keeps Node's event loop from running empty until it has answered. Our clock's timers
 * never keep a process alive, and idle connections do not either: Lambda ends an invocation that waits for nothing else, as if it had
 * answered nothing. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
export const alive =
  <Args extends readonly unknown[], Answer>(handler: (...args: Args) => Promise<Answer>) =>
  async (...args: Args): Promise<Answer> => {
    const timer = setInterval(() => undefined, NEVER_MS);
    try {
      return await handler(...args);
    } finally {
      clearInterval(timer);
    }
  };

/** How long a process that was told to stop may take, before it is ended as it is: nothing that it has written is lost by that. */
const STOP_MS_MAX = 25_000;

/**
 * Ctrl-C and SIGTERM stop a process once: npm and the terminal both pass a Ctrl-C on, so that it comes twice.
 * Exits with 0 when `stop` has ended, with 1 when it failed or took too long.
 */
export const onStop = (stop: () => Promise<void>, failed: (error: unknown) => void): void => {
  let stopping = false;
  const leave = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), STOP_MS_MAX).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        failed(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', leave);
  process.on('SIGTERM', leave);
};

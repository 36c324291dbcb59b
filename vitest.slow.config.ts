import { defineConfig } from 'vitest/config';

/** The suites that start child processes or a browser: minutes, not seconds. `.ci/run` runs them after `npm test`. */
export default defineConfig({
  test: {
    include: ['test/slow/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    setupFiles: ['test/setup.ts'],
  },
});

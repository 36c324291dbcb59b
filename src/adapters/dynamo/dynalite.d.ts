/** The part of dynalite that the embedded table uses: https://github.com/architect/dynalite#readme */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  type Options = {
    /** A folder for LevelDB; in memory without one. */
    readonly path?: string;
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  };
  const dynalite: (options?: Options) => Server;
  export default dynalite;
}

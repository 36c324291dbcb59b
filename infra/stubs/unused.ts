/**
 * Stands in, when functions are bundled, for packages that Bolt loads and a function never uses: an HTTP server, the
 * installation flow, Socket Mode. Their names exist, since Bolt extends or reads them as it loads; whoever uses one hears of it.
 */
const unused = (): never => {
  throw new Error('This package is left out of the bundles for Lambda (see custom.esbuild.alias in serverless.yml).');
};

export const InstallProvider = unused;
export const SocketModeClient = unused;

/** Every suite runs on the Node that Lambda runs: with `npm ci --ignore-scripts` the `node` package silently leaves the old one. */
const major = Number(process.versions.node.split('.')[0]);
if (major < 24)
  throw new Error(
    `Node ${process.versions.node} is running the tests; 24 or newer is needed. Run "npm ci" without --ignore-scripts.`,
  );

/** What each item of the checklist says of each fault: `npx node sandbox/faults-table.ts`. Ends with 1 when one is not as expected. */
import type { Verdict } from '../src/runbook/define-check.ts';
import { TROUBLES, type TroubleName } from './aws/world/change/troubles.ts';
import type { ShopWorld } from './aws/world/fixtures/shop.ts';
import { openProbeAccount, type ProbeOptions } from './probe-account.ts';

const MINUTE_MS = 60_000;

export type FaultCase = {
  /** Absent: the healthy service. */
  readonly fault?: TroubleName;
  /** How long ago it began; 5 minutes unless something repairs it earlier. */
  readonly ageMs?: number;
  /** The item that is to find it, and what its one line must name. */
  readonly found?: { readonly by: string; readonly names: (world: ShopWorld) => readonly string[] };
  /** Items that fail besides, rightly, and why. */
  readonly also?: Readonly<Record<string, string>>;
};

const TARGETS = 'load-balancer-and-instances';
const unhealthy = (why: string) => ({ [TARGETS]: why });
const noWay = unhealthy('health checks do not get through either');

const firstInstance = ({ shop }: ShopWorld): readonly string[] => shop.instanceIds().slice(0, 1);
const publicTable = ({ state, shop }: ShopWorld): readonly string[] =>
  state.routeTables
    .filter(({ Associations }) => Associations.some(({ SubnetId = '' }) => shop.publicSubnetIds.includes(SubnetId)))
    .map(({ RouteTableId }) => RouteTableId);
const imageOf = ({ state, shop }: ShopWorld): readonly string[] =>
  state.launchTemplates
    .filter(({ id }) => id === shop.launchTemplateId)
    .flatMap(({ versions }) => versions.filter(({ number }) => number === 7).map(({ imageId }) => imageId));
const certificateOf = ({ state, shop }: ShopWorld): readonly string[] =>
  state.certificates.filter(({ domain }) => domain === shop.host).map(({ arn }) => arn);

export const FAULT_CASES: readonly FaultCase[] = [
  {},
  { fault: 'oneServes502', found: { by: TARGETS, names: firstInstance } },
  { fault: 'oneServes502Silently', found: { by: TARGETS, names: () => ['shop-alb', 'errors from targets'] } },
  { fault: 'allServe502', found: { by: TARGETS, names: () => ['shop-web', '502'] } },
  { fault: 'processDown', found: { by: TARGETS, names: firstInstance } },
  { fault: 'appHangs', found: { by: TARGETS, names: firstInstance } },
  // Two minutes later its status is known, and then the group replaces it.
  { fault: 'instanceImpaired', ageMs: MINUTE_MS, found: { by: TARGETS, names: firstInstance } },
  // Nothing in AWS tells whether a database listens: its users tell.
  { fault: 'databaseDown', found: { by: TARGETS, names: () => ['shop-web', '500', 'what it depends on'] } },
  { fault: 'badVersion', found: { by: TARGETS, names: firstInstance } },
  {
    fault: 'wrongTargetPort',
    found: { by: TARGETS, names: () => ['shop-web', '8081'] },
    also: { 'security-groups': 'they open the port that was meant, 8080, and no other' },
  },
  { fault: 'wrongHealthPath', found: { by: TARGETS, names: () => ['shop-web', '/healthz', '404'] } },
  {
    fault: 'ingressRevoked',
    found: { by: 'security-groups', names: ({ shop }) => [shop.appGroupId, '8080', shop.balancerGroupId] },
    also: noWay,
  },
  {
    fault: 'groupSwapped',
    found: { by: 'security-groups', names: ({ shop }) => [shop.appGroupId, shop.databaseGroupId, shop.balancerGroupId] },
    also: noWay,
  },
  {
    fault: 'aclDenies',
    found: { by: 'network-acls', names: ({ shop }) => [shop.appAclId, 'rule 50 denies', '8080 in'] },
    also: noWay,
  },
  {
    fault: 'ephemeralClosed',
    found: { by: 'network-acls', names: ({ shop }) => [shop.appAclId, '1024-65535', 'out', 'replies'] },
    also: noWay,
  },
  { fault: 'publicRouteGone', found: { by: 'routes', names: (world) => [...publicTable(world), '0.0.0.0/0', 'blackhole'] } },
  {
    fault: 'oldBalancerInDns',
    found: { by: 'dns-and-certificates', names: ({ shop }) => [shop.host, 'shop-alb-old-1066149182'] },
  },
  { fault: 'certificateExpired', found: { by: 'dns-and-certificates', names: (world) => [...certificateOf(world), 'expired'] } },
  {
    fault: 'roleDetached',
    found: { by: 'iam-roles-and-policies', names: () => ['instance-profile/shop-web', 'no role'] },
    also: unhealthy('without credentials the application answers its health check with 500'),
  },
  {
    fault: 'explicitDeny',
    found: { by: 'iam-roles-and-policies', names: () => ['shop-web', 's3:GetObject', 'emergency-deny'] },
    also: unhealthy('without its configuration the application answers its health check with 500'),
  },
  { fault: 'imageGone', found: { by: 'capacity', names: (world) => ['shop-web', '2 of 3', ...imageOf(world)] } },
  { fault: 'noCapacity', found: { by: 'capacity', names: () => ['shop-web', '2 of 3', 'sufficient t3.medium capacity'] } },
  {
    fault: 'scaledToZero',
    found: { by: 'capacity', names: () => ['shop-web', 'zero'] },
    also: unhealthy('no target is left'),
  },
];

export type FaultResult = {
  readonly verdicts: Readonly<Record<string, Verdict>>;
  /** Sentences: how it is not as expected. */
  readonly wrong: readonly string[];
};

const expectedOf = ({ found, also = {} }: FaultCase, item: string): Verdict['status'] =>
  item === found?.by || item in also ? 'fail' : 'pass';

export const runCase = async (fault: FaultCase, more: Pick<ProbeOptions, 'scale'> = {}): Promise<FaultResult> => {
  const account = await openProbeAccount({
    ...more,
    ...(fault.fault !== undefined && { trouble: fault.fault }),
    ...(fault.ageMs !== undefined && { troubleAgeMs: fault.ageMs }),
  });
  try {
    const { verdicts } = await account.probe();
    const other = Object.entries(verdicts).flatMap(([item, { status, because }]) =>
      status === expectedOf(fault, item) ? [] : [`${item} is ${status}, not ${expectedOf(fault, item)}: ${because}`],
    );
    const said = fault.found && verdicts[fault.found.by];
    const unnamed = (fault.found?.names(account.world) ?? []).filter((name) => said?.because.includes(name) !== true);
    return {
      verdicts,
      wrong: [...other, ...unnamed.map((name) => `${fault.found?.by} does not name ${name}: ${said?.because}`)],
    };
  } finally {
    await account.close();
  }
};

const MARKS = { pass: '·', unknown: '?' } as const;
const markOf = ({ found }: FaultCase, item: string, { status }: Verdict): string => {
  if (status !== 'fail') return MARKS[status];
  return item === found?.by ? 'FAIL' : 'fail';
};

const NAME_WIDTH = 22;
const CLIPPED_CHARACTERS = 120;
const clipped = (text: string): string => (text.length > CLIPPED_CHARACTERS ? `${text.slice(0, CLIPPED_CHARACTERS - 1)}…` : text);

/** Faults down, items across, and under it one line of each fault: what found it, and why others fail besides. */
export const tableOf = (results: readonly { readonly fault: FaultCase; readonly result: FaultResult }[]): string => {
  const items = Object.keys(results[0]?.result.verdicts ?? {});
  const row = (name: string, cells: readonly string[]): string =>
    `${name.padEnd(NAME_WIDTH)}${cells.map((cell, index) => cell.padEnd((items[index]?.length ?? 0) + 2)).join('')}`.trimEnd();
  const nameOf = ({ fault }: FaultCase): string => fault ?? 'healthy';
  const rows = results.map(({ fault, result }) =>
    row(
      nameOf(fault),
      Object.entries(result.verdicts).map(([item, verdict]) => markOf(fault, item, verdict)),
    ),
  );
  const lines = results.flatMap(({ fault, result: { verdicts, wrong } }) => [
    ...(fault.found === undefined ? [] : [`${nameOf(fault)}: ${TROUBLES[fault.fault ?? 'oneServes502'].what}`]),
    ...(fault.found === undefined ? [] : [`  ${fault.found.by}: ${clipped(verdicts[fault.found.by]?.because ?? '')}`]),
    ...Object.entries(fault.also ?? {}).map(([item, why]) => `  besides ${item}: ${why}`),
    ...wrong.map((sentence) => `  NOT AS EXPECTED: ${sentence}`),
  ]);
  return [row('', items), ...rows, '', 'FAIL what finds it · fail its consequence · passes', '', ...lines].join('\n');
};

if (import.meta.main) {
  const results: { fault: FaultCase; result: FaultResult }[] = [];
  for (const fault of FAULT_CASES) results.push({ fault, result: await runCase(fault) });
  console.log(tableOf(results));
  if (results.some(({ result }) => result.wrong.length > 0)) process.exitCode = 1;
}

import type { LoadBalancer, Network, Route, RouteTable } from '../../../src/runbook/entities.ts';
import { contains, type EVERYWHERE, rangeOf, sizeOf } from './ranges.ts';

/** A subnet without a table of its own has the main one of its VPC, which is the one whose local route holds the subnet. */
export const routeTableOf = ({ routeTables, subnets }: Network, subnetId: string): RouteTable | undefined => {
  const cidr = subnets.find(({ id }) => id === subnetId)?.cidr ?? '';
  const isOfVpc = ({ routes }: RouteTable): boolean =>
    routes.some(({ target, destination }) => target === 'local' && contains(destination, cidr));
  return (
    routeTables.find(({ subnetIds }) => subnetIds.includes(subnetId)) ??
    routeTables.find((table) => table.main && isOfVpc(table)) ??
    routeTables.find(({ main }) => main)
  );
};

/** The most specific route wins. https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html#route-tables-priority */
export const routeTo = ({ routes }: RouteTable, cidr: string): Route | undefined => {
  const size = ({ destination }: Route): bigint => {
    const range = rangeOf(destination);
    return range === undefined ? 0n : sizeOf(range);
  };
  return routes.filter(({ destination }) => contains(destination, cidr)).toSorted((a, b) => (size(a) < size(b) ? -1 : 1))[0];
};

export const isBlackhole = ({ state }: Route): boolean => state === 'blackhole';
export const isInternetGateway = ({ target }: Route): boolean => target.startsWith('igw-');
export const familiesOf = ({ ipAddressType }: LoadBalancer): readonly (keyof typeof EVERYWHERE)[] =>
  ipAddressType.startsWith('dualstack') ? [4, 6] : [4];

/** What a route does to whoever takes it: a sentence when it leads nowhere. */
export const deadEnd = (table: RouteTable, cidr: string, what: string): string | undefined => {
  const route = routeTo(table, cidr);
  if (route === undefined) return `${table.id}: no route to ${cidr} (${what}).`;
  if (!isBlackhole(route)) return undefined;
  return `${table.id}: ${route.destination} → ${route.target || 'a target that is gone'} is a blackhole (${what}).`;
};

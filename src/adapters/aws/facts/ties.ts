import type { Route } from '@aws-sdk/client-ec2';
import type { Ties } from '../../../runbook/entities.ts';
import type { FetchFact } from './look.ts';
import { describeAddresses, describeRouteTables } from './reads/ec2.ts';

/** Where a route leads to, whatever kind of range it is for. */
export const destinationOf = (route: Route): string =>
  route.DestinationCidrBlock ??
  (route as { DestinationIpv6CidrBlock?: string }).DestinationIpv6CidrBlock ??
  route.DestinationPrefixListId ??
  '';

export const tiesOf: FetchFact<'ties-of'> = async (look, { instanceId }): Promise<Ties> => {
  const instance = await look.fact('instance', { id: instanceId });
  const ofInstance = { Filters: [{ Name: 'instance-id', Values: [instanceId] }] };
  const ofVpc = { Filters: [{ Name: 'vpc-id', Values: [instance?.vpcId ?? ''] }] };
  const [addresses, tables] = await Promise.all([
    look.ask(describeAddresses, ofInstance),
    instance?.vpcId === undefined ? [] : look.all(describeRouteTables, ofVpc),
  ]);
  const cards = new Set(instance?.interfaces.map(({ id }) => id));
  const leadsHere = (route: Route): boolean => route.InstanceId === instanceId || cards.has(route.NetworkInterfaceId ?? '');
  return {
    elasticIps: (addresses.Addresses ?? []).map(({ PublicIp = '' }) => PublicIp),
    routes: tables.flatMap(({ RouteTableId: routeTableId = '', Routes = [] }) =>
      Routes.filter(leadsHere).map((route) => ({ routeTableId, destination: destinationOf(route) })),
    ),
  };
};

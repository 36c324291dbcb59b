import type * as Ec2 from '@aws-sdk/client-ec2';
import { type Authorization, AwsError, type Operation, type ServiceOperations } from '../../../operation.ts';
import { tagsOf } from '../../state/find.ts';
import type { AclEntry, NetworkAcl, Route, RouteTable } from '../../state/network.ts';
import type { WorldState } from '../../state/state.ts';
import { on, tagKeys } from '../authorize.ts';
import { arnOf, KINDS, type Kind, mustExist } from './kinds.ts';

const onOne = (state: WorldState, action: string, kind: Kind, id: string): readonly Authorization[] => {
  mustExist(state, kind, [id]);
  return [on(`ec2:${action}`, arnOf(state, kind, id), tagKeys('ec2', tagsOf(state, id)), { 'ec2:Region': state.region })];
};

const aclOf = (state: WorldState, id: string): NetworkAcl => state.networkAcls.find((acl) => acl.NetworkAclId === id)!;
const tableOf = (state: WorldState, id: string): RouteTable => state.routeTables.find((table) => table.RouteTableId === id)!;

/** Ordinary rules have these numbers; the last, unnumbered one that denies all the rest cannot be changed. */
const RULE_NUMBER_MAX = 32_766;

const mustBeOrdinary = (ruleNumber: number | undefined): number => {
  if (ruleNumber === undefined || ruleNumber < 1 || ruleNumber > RULE_NUMBER_MAX)
    throw new AwsError(
      'InvalidParameterValue',
      `Value (${ruleNumber}) for parameter ruleNumber is invalid. Expected a value from 1 to ${RULE_NUMBER_MAX}.`,
    );
  return ruleNumber;
};

const entryOf = (input: Ec2.CreateNetworkAclEntryCommandInput): AclEntry => {
  const RuleNumber = mustBeOrdinary(input.RuleNumber);
  const { Protocol = '-1', RuleAction = 'deny', Egress = false, CidrBlock, PortRange } = input;
  if (CidrBlock === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter cidrBlock');
  return {
    RuleNumber,
    Protocol,
    RuleAction,
    Egress,
    CidrBlock,
    ...(PortRange && { PortRange: { From: PortRange.From ?? 0, To: PortRange.To ?? 0 } }),
  };
};

const sameRule = (a: { RuleNumber?: number | undefined; Egress?: boolean | undefined }) => (entry: AclEntry) =>
  entry.RuleNumber === a.RuleNumber && entry.Egress === (a.Egress ?? false);

const noEntry = ({ NetworkAclId, RuleNumber }: { NetworkAclId: string | undefined; RuleNumber: number | undefined }): AwsError =>
  new AwsError(
    'InvalidNetworkAclEntry.NotFound',
    `The network acl entry identified by ${RuleNumber} does not exist in ${NetworkAclId}`,
  );

const createEntry = (state: WorldState): Operation<Ec2.CreateNetworkAclEntryCommandInput> => ({
  authorize: ({ NetworkAclId = '' }) => onOne(state, 'CreateNetworkAclEntry', KINDS.networkAcl, NetworkAclId),
  run: (input) => {
    const acl = aclOf(state, input.NetworkAclId!);
    const entry = entryOf(input);
    if (acl.Entries.some(sameRule(entry)))
      throw new AwsError(
        'NetworkAclEntryAlreadyExists',
        `The network acl entry identified by ${entry.RuleNumber} already exists.`,
      );
    acl.Entries.push(entry);
    return {};
  },
});

const replaceEntry = (state: WorldState): Operation<Ec2.ReplaceNetworkAclEntryCommandInput> => ({
  authorize: ({ NetworkAclId = '' }) => onOne(state, 'ReplaceNetworkAclEntry', KINDS.networkAcl, NetworkAclId),
  run: (input) => {
    const acl = aclOf(state, input.NetworkAclId!);
    const at = acl.Entries.findIndex(sameRule(input));
    if (at < 0) throw noEntry(input);
    acl.Entries[at] = entryOf(input);
    return {};
  },
});

const deleteEntry = (state: WorldState): Operation<Ec2.DeleteNetworkAclEntryCommandInput> => ({
  authorize: ({ NetworkAclId = '' }) => onOne(state, 'DeleteNetworkAclEntry', KINDS.networkAcl, NetworkAclId),
  run: (input) => {
    const acl = aclOf(state, input.NetworkAclId!);
    mustBeOrdinary(input.RuleNumber);
    const at = acl.Entries.findIndex(sameRule(input));
    if (at < 0) throw noEntry(input);
    acl.Entries.splice(at, 1);
    return {};
  },
});

const TARGETS = {
  GatewayId: KINDS.internetGateway,
  NatGatewayId: KINDS.natGateway,
  InstanceId: KINDS.instance,
  NetworkInterfaceId: KINDS.networkInterface,
} as const satisfies Partial<Record<keyof Route, Kind>>;

type RouteInput = Pick<Ec2.CreateRouteCommandInput, 'RouteTableId' | 'DestinationCidrBlock' | keyof typeof TARGETS>;

const routeOf = (state: WorldState, input: RouteInput): Route => {
  if (input.DestinationCidrBlock === undefined)
    throw new AwsError('MissingParameter', 'The request must contain the parameter destinationCidrBlock');
  const given = Object.entries(TARGETS).flatMap(([member, kind]) => {
    const id = input[member as keyof typeof TARGETS];
    return id === undefined ? [] : [{ member, kind, id }];
  });
  if (given.length !== 1)
    throw new AwsError(
      'InvalidParameterCombination',
      'The request must contain exactly one of gatewayId, natGatewayId, networkInterfaceId or instanceId',
    );
  const [{ member, kind, id }] = given as [(typeof given)[number]];
  // A gateway endpoint stands where an internet gateway would.
  if (!(member === 'GatewayId' && state.endpoints.some((endpoint) => endpoint.VpcEndpointId === id)))
    mustExist(state, kind, [id]);
  return { DestinationCidrBlock: input.DestinationCidrBlock, [member]: id, Origin: 'CreateRoute', State: 'active' };
};

const noRoute = ({ RouteTableId, DestinationCidrBlock }: Ec2.DeleteRouteCommandInput): AwsError =>
  new AwsError(
    'InvalidRoute.NotFound',
    `no route with destination-cidr-block ${DestinationCidrBlock} in route table ${RouteTableId}`,
  );

const indexOfRoute = (table: RouteTable, cidr: string | undefined): number =>
  table.Routes.findIndex((route) => route.DestinationCidrBlock === cidr && route.Origin === 'CreateRoute');

const createRoute = (state: WorldState): Operation<Ec2.CreateRouteCommandInput> => ({
  authorize: ({ RouteTableId = '' }) => onOne(state, 'CreateRoute', KINDS.routeTable, RouteTableId),
  run: (input) => {
    const table = tableOf(state, input.RouteTableId!);
    const route = routeOf(state, input);
    if (table.Routes.some((one) => one.DestinationCidrBlock === route.DestinationCidrBlock))
      throw new AwsError('RouteAlreadyExists', `The route identified by ${route.DestinationCidrBlock} already exists.`);
    table.Routes.push(route);
    return { Return: true };
  },
});

const replaceRoute = (state: WorldState): Operation<Ec2.ReplaceRouteCommandInput> => ({
  authorize: ({ RouteTableId = '' }) => onOne(state, 'ReplaceRoute', KINDS.routeTable, RouteTableId),
  run: (input) => {
    const table = tableOf(state, input.RouteTableId!);
    const at = indexOfRoute(table, input.DestinationCidrBlock);
    if (at < 0) throw noRoute(input);
    table.Routes[at] = routeOf(state, input);
    return {};
  },
});

const deleteRoute = (state: WorldState): Operation<Ec2.DeleteRouteCommandInput> => ({
  authorize: ({ RouteTableId = '' }) => onOne(state, 'DeleteRoute', KINDS.routeTable, RouteTableId),
  run: (input) => {
    const table = tableOf(state, input.RouteTableId!);
    const at = indexOfRoute(table, input.DestinationCidrBlock);
    if (at < 0) throw noRoute(input);
    table.Routes.splice(at, 1);
    return {};
  },
});

/** What changes the way of packets: the packet walk reads the same lists. */
export const networkChangeOperations = (state: WorldState): ServiceOperations => ({
  CreateNetworkAclEntry: createEntry(state),
  ReplaceNetworkAclEntry: replaceEntry(state),
  DeleteNetworkAclEntry: deleteEntry(state),
  CreateRoute: createRoute(state),
  ReplaceRoute: replaceRoute(state),
  DeleteRoute: deleteRoute(state),
});

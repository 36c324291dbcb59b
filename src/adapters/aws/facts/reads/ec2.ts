import {
  DescribeAddressesCommand,
  type DescribeAddressesCommandInput,
  DescribeImagesCommand,
  type DescribeImagesCommandInput,
  DescribeInstanceAttributeCommand,
  type DescribeInstanceAttributeCommandInput,
  DescribeInstanceStatusCommand,
  type DescribeInstanceStatusCommandInput,
  DescribeInstancesCommand,
  type DescribeInstancesCommandInput,
  DescribeInstanceTypesCommand,
  type DescribeInstanceTypesCommandInput,
  DescribeKeyPairsCommand,
  type DescribeKeyPairsCommandInput,
  DescribeLaunchTemplateVersionsCommand,
  type DescribeLaunchTemplateVersionsCommandInput,
  DescribeNetworkAclsCommand,
  type DescribeNetworkAclsCommandInput,
  DescribeNetworkInterfacesCommand,
  type DescribeNetworkInterfacesCommandInput,
  DescribeRouteTablesCommand,
  type DescribeRouteTablesCommandInput,
  DescribeSecurityGroupsCommand,
  type DescribeSecurityGroupsCommandInput,
  DescribeSnapshotsCommand,
  type DescribeSnapshotsCommandInput,
  DescribeSubnetsCommand,
  type DescribeSubnetsCommandInput,
  DescribeVolumesCommand,
  type DescribeVolumesCommandInput,
  DescribeVpcEndpointsCommand,
  type DescribeVpcEndpointsCommandInput,
  DescribeVpcsCommand,
  type DescribeVpcsCommandInput,
} from '@aws-sdk/client-ec2';
import { byNextToken, read } from './paging.ts';

export const describeInstances = byNextToken(
  'ec2:DescribeInstances',
  ({ ec2 }, input: DescribeInstancesCommandInput, options) => ec2.send(new DescribeInstancesCommand(input), options),
  ({ Reservations }) => Reservations,
);
export const describeInstanceAttribute = read(
  'ec2:DescribeInstanceAttribute',
  ({ ec2 }, input: DescribeInstanceAttributeCommandInput, options) =>
    ec2.send(new DescribeInstanceAttributeCommand(input), options),
);
export const describeInstanceStatus = byNextToken(
  'ec2:DescribeInstanceStatus',
  ({ ec2 }, input: DescribeInstanceStatusCommandInput, options) => ec2.send(new DescribeInstanceStatusCommand(input), options),
  ({ InstanceStatuses }) => InstanceStatuses,
);
export const describeInstanceTypes = byNextToken(
  'ec2:DescribeInstanceTypes',
  ({ ec2 }, input: DescribeInstanceTypesCommandInput, options) => ec2.send(new DescribeInstanceTypesCommand(input), options),
  ({ InstanceTypes }) => InstanceTypes,
);
export const describeImages = byNextToken(
  'ec2:DescribeImages',
  ({ ec2 }, input: DescribeImagesCommandInput, options) => ec2.send(new DescribeImagesCommand(input), options),
  ({ Images }) => Images,
);
export const describeVolumes = byNextToken(
  'ec2:DescribeVolumes',
  ({ ec2 }, input: DescribeVolumesCommandInput, options) => ec2.send(new DescribeVolumesCommand(input), options),
  ({ Volumes }) => Volumes,
);
export const describeSnapshots = byNextToken(
  'ec2:DescribeSnapshots',
  ({ ec2 }, input: DescribeSnapshotsCommandInput, options) => ec2.send(new DescribeSnapshotsCommand(input), options),
  ({ Snapshots }) => Snapshots,
);
export const describeAddresses = read('ec2:DescribeAddresses', ({ ec2 }, input: DescribeAddressesCommandInput, options) =>
  ec2.send(new DescribeAddressesCommand(input), options),
);
export const describeLaunchTemplateVersions = byNextToken(
  'ec2:DescribeLaunchTemplateVersions',
  ({ ec2 }, input: DescribeLaunchTemplateVersionsCommandInput, options) =>
    ec2.send(new DescribeLaunchTemplateVersionsCommand(input), options),
  ({ LaunchTemplateVersions }) => LaunchTemplateVersions,
);
export const describeKeyPairs = read('ec2:DescribeKeyPairs', ({ ec2 }, input: DescribeKeyPairsCommandInput, options) =>
  ec2.send(new DescribeKeyPairsCommand(input), options),
);
export const describeVpcs = byNextToken(
  'ec2:DescribeVpcs',
  ({ ec2 }, input: DescribeVpcsCommandInput, options) => ec2.send(new DescribeVpcsCommand(input), options),
  ({ Vpcs }) => Vpcs,
);
export const describeSubnets = byNextToken(
  'ec2:DescribeSubnets',
  ({ ec2 }, input: DescribeSubnetsCommandInput, options) => ec2.send(new DescribeSubnetsCommand(input), options),
  ({ Subnets }) => Subnets,
);
export const describeNetworkAcls = byNextToken(
  'ec2:DescribeNetworkAcls',
  ({ ec2 }, input: DescribeNetworkAclsCommandInput, options) => ec2.send(new DescribeNetworkAclsCommand(input), options),
  ({ NetworkAcls }) => NetworkAcls,
);
export const describeNetworkInterfaces = byNextToken(
  'ec2:DescribeNetworkInterfaces',
  ({ ec2 }, input: DescribeNetworkInterfacesCommandInput, options) =>
    ec2.send(new DescribeNetworkInterfacesCommand(input), options),
  ({ NetworkInterfaces }) => NetworkInterfaces,
);
export const describeRouteTables = byNextToken(
  'ec2:DescribeRouteTables',
  ({ ec2 }, input: DescribeRouteTablesCommandInput, options) => ec2.send(new DescribeRouteTablesCommand(input), options),
  ({ RouteTables }) => RouteTables,
);
export const describeSecurityGroups = byNextToken(
  'ec2:DescribeSecurityGroups',
  ({ ec2 }, input: DescribeSecurityGroupsCommandInput, options) => ec2.send(new DescribeSecurityGroupsCommand(input), options),
  ({ SecurityGroups }) => SecurityGroups,
);
export const describeVpcEndpoints = byNextToken(
  'ec2:DescribeVpcEndpoints',
  ({ ec2 }, input: DescribeVpcEndpointsCommandInput, options) => ec2.send(new DescribeVpcEndpointsCommand(input), options),
  ({ VpcEndpoints }) => VpcEndpoints,
);

import type * as Ec2 from '@aws-sdk/client-ec2';
import { type Authorization, AwsError, type Operation, type ServiceOperations } from '../../../operation.ts';
import { securityGroupOf, tagsOf } from '../../state/find.ts';
import { ec2Id } from '../../state/ids.ts';
import type { SecurityGroup, SecurityRule } from '../../state/network.ts';
import type { WorldState } from '../../state/state.ts';
import { on, tagKeys } from '../authorize.ts';
import { type Description, describing, tagList } from './describe.ts';
import { arnOf, KINDS, mustExist } from './kinds.ts';

type Terms = Omit<SecurityRule, 'id'>;

const portsOf = ({ protocol, from, to }: Terms): { readonly FromPort?: number; readonly ToPort?: number } =>
  protocol === '-1' ? {} : { FromPort: from, ToPort: to };

/** DescribeSecurityGroups gathers the rules of one protocol and port range into one permission. */
const permissions = (state: WorldState, rules: readonly SecurityRule[]): Ec2.IpPermission[] => {
  const bundles = Map.groupBy(rules, ({ protocol, from, to }) => `${protocol} ${from} ${to}`);
  return [...bundles.values()].map((bundle) => ({
    IpProtocol: bundle[0]!.protocol,
    ...portsOf(bundle[0]!),
    IpRanges: bundle
      .filter(({ cidr }) => cidr !== undefined)
      .map(({ cidr, description }) => ({ CidrIp: cidr, ...(description !== undefined && { Description: description }) })),
    UserIdGroupPairs: bundle
      .filter(({ groupId }) => groupId !== undefined)
      .map(({ groupId, description }) => ({
        GroupId: groupId,
        UserId: state.accountId,
        ...(description !== undefined && { Description: description }),
      })),
    Ipv6Ranges: [],
    PrefixListIds: [],
  }));
};

const groupShape = (state: WorldState, group: SecurityGroup): Ec2.SecurityGroup => ({
  GroupId: group.id,
  GroupName: group.name,
  Description: group.description,
  VpcId: group.vpcId,
  OwnerId: state.accountId,
  SecurityGroupArn: arnOf(state, KINDS.securityGroup, group.id),
  IpPermissions: permissions(
    state,
    group.rules.filter((rule) => !rule.egress),
  ),
  IpPermissionsEgress: permissions(
    state,
    group.rules.filter((rule) => rule.egress),
  ),
  Tags: tagList(state, group.id),
});

const GROUPS: Description<Ec2.DescribeSecurityGroupsCommandInput, Ec2.SecurityGroup, 'SecurityGroups'> = {
  member: 'SecurityGroups',
  all: (state, { GroupNames: names = [] }) =>
    state.securityGroups
      .filter((group) => names.length === 0 || names.includes(group.name))
      .map((group) => groupShape(state, group)),
  filters: {
    description: 'Description',
    'egress.ip-permission.cidr': 'IpPermissionsEgress.IpRanges.CidrIp',
    'egress.ip-permission.from-port': 'IpPermissionsEgress.FromPort',
    'egress.ip-permission.group-id': 'IpPermissionsEgress.UserIdGroupPairs.GroupId',
    'egress.ip-permission.protocol': 'IpPermissionsEgress.IpProtocol',
    'egress.ip-permission.to-port': 'IpPermissionsEgress.ToPort',
    'group-id': 'GroupId',
    'group-name': 'GroupName',
    'ip-permission.cidr': 'IpPermissions.IpRanges.CidrIp',
    'ip-permission.from-port': 'IpPermissions.FromPort',
    'ip-permission.group-id': 'IpPermissions.UserIdGroupPairs.GroupId',
    'ip-permission.protocol': 'IpPermissions.IpProtocol',
    'ip-permission.to-port': 'IpPermissions.ToPort',
    'owner-id': 'OwnerId',
    'vpc-id': 'VpcId',
  },
  ids: { of: (input) => input.GroupIds, kind: KINDS.securityGroup, idOf: (group) => group.GroupId },
  idsExcludePaging: true,
};

const ruleShape = (state: WorldState, group: SecurityGroup, rule: SecurityRule): Ec2.SecurityGroupRule => ({
  SecurityGroupRuleId: rule.id,
  SecurityGroupRuleArn: arnOf(state, KINDS.securityGroupRule, rule.id),
  GroupId: group.id,
  GroupOwnerId: state.accountId,
  IsEgress: rule.egress,
  IpProtocol: rule.protocol,
  FromPort: rule.protocol === '-1' ? -1 : rule.from,
  ToPort: rule.protocol === '-1' ? -1 : rule.to,
  ...(rule.cidr !== undefined && { CidrIpv4: rule.cidr }),
  ...(rule.groupId !== undefined && { ReferencedGroupInfo: { GroupId: rule.groupId, UserId: state.accountId } }),
  ...(rule.description !== undefined && { Description: rule.description }),
  Tags: tagList(state, rule.id),
});

const RULES: Description<Ec2.DescribeSecurityGroupRulesCommandInput, Ec2.SecurityGroupRule, 'SecurityGroupRules'> = {
  member: 'SecurityGroupRules',
  all: (state) => state.securityGroups.flatMap((group) => group.rules.map((rule) => ruleShape(state, group, rule))),
  filters: { 'group-id': 'GroupId', 'security-group-rule-id': 'SecurityGroupRuleId' },
  ids: { of: (input) => input.SecurityGroupRuleIds, kind: KINDS.securityGroupRule, idOf: (rule) => rule.SecurityGroupRuleId },
};

type RulesInput = Pick<
  Ec2.AuthorizeSecurityGroupIngressCommandInput,
  'GroupId' | 'IpPermissions' | 'IpProtocol' | 'FromPort' | 'ToPort' | 'CidrIp'
>;

/** One rule for each source, from either of the two forms that the call may have. */
const termsOf = (input: RulesInput, egress: boolean): readonly Terms[] => {
  const { IpProtocol, FromPort, ToPort, CidrIp } = input;
  const short = CidrIp === undefined ? [] : [{ IpProtocol, FromPort, ToPort, IpRanges: [{ CidrIp }] }];
  return [...short, ...(input.IpPermissions ?? [])].flatMap((permission: Ec2.IpPermission) => {
    const {
      IpProtocol: protocol = '-1',
      FromPort: from = -1,
      ToPort: to = -1,
      IpRanges = [],
      UserIdGroupPairs = [],
    } = permission;
    const base = { egress, protocol, from: protocol === '-1' ? -1 : from, to: protocol === '-1' ? -1 : to };
    const described = (description: string | undefined) => (description === undefined ? {} : { description });
    return [
      ...IpRanges.map(({ CidrIp: cidr = '', Description }) => ({ ...base, cidr, ...described(Description) })),
      ...UserIdGroupPairs.map(({ GroupId: groupId = '', Description }) => ({ ...base, groupId, ...described(Description) })),
    ];
  });
};

const isSame = (a: Terms, b: Terms): boolean =>
  a.egress === b.egress &&
  a.protocol === b.protocol &&
  (a.protocol === '-1' || (a.from === b.from && a.to === b.to)) &&
  a.cidr === b.cidr &&
  a.groupId === b.groupId;

const onGroup = (state: WorldState, action: string, groupId: string): readonly Authorization[] => {
  mustExist(state, KINDS.securityGroup, [groupId]);
  const { vpcId } = securityGroupOf(state, groupId);
  return [
    on(action, arnOf(state, KINDS.securityGroup, groupId), tagKeys('ec2', tagsOf(state, groupId)), {
      'ec2:Region': state.region,
      'ec2:Vpc': arnOf(state, KINDS.vpc, vpcId),
    }),
  ];
};

const authorizeRules = (state: WorldState, action: string, egress: boolean): Operation<RulesInput> => ({
  authorize: ({ GroupId = '' }) => onGroup(state, `ec2:${action}`, GroupId),
  run: (input) => {
    const group = securityGroupOf(state, input.GroupId ?? '');
    const terms = termsOf(input, egress);
    if (terms.length === 0) throw new AwsError('MissingParameter', 'The request must contain the parameter ipPermissions');
    mustExist(
      state,
      KINDS.securityGroup,
      terms.flatMap(({ groupId }) => (groupId === undefined ? [] : [groupId])),
    );
    const twice = terms.find((one) => group.rules.some((rule) => isSame(rule, one)));
    if (twice !== undefined)
      throw new AwsError(
        'InvalidPermission.Duplicate',
        `the specified rule "peer: ${twice.cidr ?? twice.groupId}, ${twice.protocol}, from port: ${twice.from}, to port: ${twice.to}, ALLOW" already exists`,
      );
    const rules = terms.map((one) => ({ id: ec2Id(state, KINDS.securityGroupRule.prefix), ...one }));
    group.rules.push(...rules);
    return { Return: true, SecurityGroupRules: rules.map((rule) => ruleShape(state, group, rule)) };
  },
});

const revokeRules = (
  state: WorldState,
  action: string,
  egress: boolean,
): Operation<RulesInput & { readonly SecurityGroupRuleIds?: string[] }> => ({
  authorize: ({ GroupId = '' }) => onGroup(state, `ec2:${action}`, GroupId),
  run: (input) => {
    const group = securityGroupOf(state, input.GroupId ?? '');
    const terms = termsOf(input, egress);
    const ids = input.SecurityGroupRuleIds ?? [];
    const missing = ids.some((id) => !group.rules.some((rule) => rule.id === id && rule.egress === egress));
    if (missing || terms.some((one) => !group.rules.some((rule) => isSame(rule, one))))
      throw new AwsError('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.');
    group.rules = group.rules.filter((rule) => !ids.includes(rule.id) && !terms.some((one) => isSame(rule, one)));
    return { Return: true };
  },
});

export const securityGroupOperations = (state: WorldState): ServiceOperations => ({
  DescribeSecurityGroups: describing(state, 'DescribeSecurityGroups', GROUPS),
  DescribeSecurityGroupRules: describing(state, 'DescribeSecurityGroupRules', RULES),
  AuthorizeSecurityGroupIngress: authorizeRules(state, 'AuthorizeSecurityGroupIngress', false),
  AuthorizeSecurityGroupEgress: authorizeRules(state, 'AuthorizeSecurityGroupEgress', true),
  RevokeSecurityGroupIngress: revokeRules(state, 'RevokeSecurityGroupIngress', false),
  RevokeSecurityGroupEgress: revokeRules(state, 'RevokeSecurityGroupEgress', true),
});

import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import type { LaunchTemplateVersion, ResponseLaunchTemplateData, Subnet } from '@aws-sdk/client-ec2';
import type { LaunchSource } from '../../../runbook/entities.ts';
import { attempt, unlessMissing } from '../read-failure.ts';
import { rawGroup, templateOf } from './group.ts';
import { images } from './instance.ts';
import type { FetchFact, Look } from './look.ts';
import { present, unique } from './present.ts';
import { describeLaunchConfigurations } from './reads/autoscaling.ts';
import { describeKeyPairs, describeLaunchTemplateVersions, describeSecurityGroups, describeSubnets } from './reads/ec2.ts';
import { getInstanceProfile } from './reads/iam.ts';

/** What a launch is made from, whether a template or an old launch configuration says it. */
export type Recipe = {
  readonly templateId?: string;
  readonly version?: string;
  readonly imageId?: string;
  readonly instanceType?: string;
  readonly profile?: string;
  readonly securityGroupIds: readonly string[];
  readonly keyName?: string;
};
type Resolved = { readonly recipe: Recipe } | { readonly missing: string };
/** Sentences: what a launch would stumble over, and what could not be looked at. */
type Findings = { readonly missing: readonly string[]; readonly notSeen: readonly string[] };
const nothing: Findings = { missing: [], notSeen: [] };

const securityGroupsOf = ({ SecurityGroupIds, NetworkInterfaces }: ResponseLaunchTemplateData): readonly string[] =>
  unique([...(SecurityGroupIds ?? []), ...(NetworkInterfaces ?? []).flatMap(({ Groups = [] }) => Groups)]);

const recipeOf = ({ LaunchTemplateId, VersionNumber, LaunchTemplateData: data = {} }: LaunchTemplateVersion): Recipe => ({
  securityGroupIds: securityGroupsOf(data),
  ...present({
    templateId: LaunchTemplateId,
    version: VersionNumber === undefined ? undefined : String(VersionNumber),
    imageId: data.ImageId,
    instanceType: data.InstanceType as string | undefined,
    // An ARN ends with the name, after the path.
    profile: data.IamInstanceProfile?.Name ?? data.IamInstanceProfile?.Arn?.split('/').at(-1),
    keyName: data.KeyName,
  }),
});

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const NO_TEMPLATE = [
  'InvalidLaunchTemplateId.NotFound',
  'InvalidLaunchTemplateId.VersionNotFound',
  'InvalidLaunchTemplateName.NotFoundException',
  'InvalidLaunchTemplateId.Malformed',
];
/** An image may be named by a parameter; only AWS can say which image it stands for now. */
const BY_PARAMETER = 'resolve:ssm:';

const fromTemplate = async (look: Look, group: AutoScalingGroup): Promise<Resolved> => {
  const { LaunchTemplateId: id, LaunchTemplateName: name, Version = '$Default' } = templateOf(group) ?? {};
  const template = id !== undefined ? { LaunchTemplateId: id } : { LaunchTemplateName: name };
  const wanted = { ...template, Versions: [Version] };
  const [found] = (await unlessMissing(look.all(describeLaunchTemplateVersions, wanted), NO_TEMPLATE)) ?? [];
  if (found === undefined) return { missing: `Version ${Version} of launch template ${id ?? name} does not exist.` };
  if (!found.LaunchTemplateData?.ImageId?.startsWith(BY_PARAMETER)) return { recipe: recipeOf(found) };
  const resolved = await attempt(look.all(describeLaunchTemplateVersions, { ...wanted, ResolveAlias: true }));
  return { recipe: recipeOf(('value' in resolved ? resolved.value[0] : undefined) ?? found) };
};

const fromConfiguration = async (look: Look, name: string): Promise<Resolved> => {
  const [found] = await look.all(describeLaunchConfigurations, { LaunchConfigurationNames: [name] });
  if (found === undefined) return { missing: `Launch configuration ${name} does not exist.` };
  const { ImageId, InstanceType, IamInstanceProfile, SecurityGroups = [], KeyName } = found;
  const profile = IamInstanceProfile?.split('/').at(-1);
  const rest = present({ imageId: ImageId, instanceType: InstanceType, profile, keyName: KeyName });
  return { recipe: { securityGroupIds: SecurityGroups, ...rest } };
};

const checkImage = async (look: Look, { imageId }: Recipe): Promise<Findings> => {
  if (imageId === undefined) return { ...nothing, missing: ['The launch template names no image.'] };
  if (imageId.startsWith(BY_PARAMETER))
    return { ...nothing, notSeen: [`Which image ${imageId} stands for: reading it takes ssm:GetParameters.`] };
  if ((await look.load(images, imageId)) !== undefined) return nothing;
  return { ...nothing, missing: [`Image ${imageId} does not exist any more, or is not shared with this account.`] };
};

const checkProfile = async (look: Look, { profile }: Recipe): Promise<Findings> => {
  if (profile === undefined) return nothing;
  const answer = await attempt(
    unlessMissing(look.ask(getInstanceProfile, { InstanceProfileName: profile }), ['NoSuchEntity', 'NoSuchEntityException']),
  );
  if ('notSeen' in answer)
    return { ...nothing, notSeen: [`Whether instance profile ${profile} exists: ${answer.notSeen.because}`] };
  return answer.value === undefined ? { ...nothing, missing: [`Instance profile ${profile} does not exist.`] } : nothing;
};

const checkSecurityGroups = async (look: Look, { securityGroupIds }: Recipe): Promise<Findings> => {
  if (securityGroupIds.length === 0) return nothing;
  const wanted = { Filters: [{ Name: 'group-id', Values: [...securityGroupIds] }] };
  const there = new Set((await look.all(describeSecurityGroups, wanted)).map(({ GroupId }) => GroupId));
  const gone = securityGroupIds.filter((id) => !there.has(id));
  return { ...nothing, missing: gone.map((id) => `Security group ${id} does not exist.`) };
};

const checkKeyPair = async (look: Look, { keyName }: Recipe): Promise<Findings> => {
  if (keyName === undefined) return nothing;
  const wanted = { Filters: [{ Name: 'key-name', Values: [keyName] }] };
  const answer = await attempt(look.ask(describeKeyPairs, wanted));
  if ('notSeen' in answer) return { ...nothing, notSeen: [`Whether key pair ${keyName} exists: ${answer.notSeen.because}`] };
  return (answer.value.KeyPairs ?? []).length === 0 ? { ...nothing, missing: [`Key pair ${keyName} does not exist.`] } : nothing;
};

const checkSubnets = (wanted: readonly string[], subnets: readonly Subnet[]): Findings => {
  const byId = new Map(subnets.map((subnet) => [subnet.SubnetId, subnet]));
  const missing = wanted.flatMap((id) => {
    const subnet = byId.get(id);
    if (subnet === undefined) return [`Subnet ${id} does not exist.`];
    return (subnet.AvailableIpAddressCount ?? 0) > 0 ? [] : [`Subnet ${id} (${subnet.AvailabilityZone}) has no free address.`];
  });
  return { ...nothing, missing };
};

const subnetsOf = async (look: Look, { VPCZoneIdentifier = '' }: AutoScalingGroup) => {
  const ids = VPCZoneIdentifier.split(',').filter((id) => id !== '');
  const found = ids.length === 0 ? [] : await look.all(describeSubnets, { Filters: [{ Name: 'subnet-id', Values: ids }] });
  return { ids, found };
};

const resolve = (look: Look, group: AutoScalingGroup): Promise<Resolved> => {
  if (templateOf(group) !== undefined) return fromTemplate(look, group);
  if (group.LaunchConfigurationName !== undefined) return fromConfiguration(look, group.LaunchConfigurationName);
  return Promise.resolve({ missing: `${group.AutoScalingGroupName} names no launch template.` });
};

/** What the group's next launch would be made from, as far as it is there. */
export const recipeFor = async (look: Look, group: AutoScalingGroup): Promise<Recipe | undefined> => {
  const resolved = await resolve(look, group);
  return 'recipe' in resolved ? resolved.recipe : undefined;
};

export const launchSource: FetchFact<'launch-source'> = async (look, { groupName }): Promise<LaunchSource> => {
  const group = await rawGroup(look, groupName);
  // That it is not there is an answer: a guard says it better than a reader that failed.
  if (group === undefined) return { missing: [`There is no Auto Scaling group ${groupName}.`], freeAddresses: [] };
  const [resolved, subnets] = await Promise.all([resolve(look, group), subnetsOf(look, group)]);
  const recipe = 'recipe' in resolved ? resolved.recipe : undefined;
  const checks = [checkImage, checkProfile, checkSecurityGroups, checkKeyPair];
  const findings = [
    'missing' in resolved ? { ...nothing, missing: [resolved.missing] } : nothing,
    ...(recipe === undefined ? [] : await Promise.all(checks.map((check) => check(look, recipe)))),
    checkSubnets(subnets.ids, subnets.found),
  ];
  const notSeen = findings.flatMap((found) => found.notSeen);
  return {
    ...present({
      templateId: recipe?.templateId ?? templateOf(group)?.LaunchTemplateId,
      version: recipe?.version,
      imageId: recipe?.imageId,
      instanceType: recipe?.instanceType,
    }),
    missing: findings.flatMap(({ missing }) => missing),
    ...(notSeen.length > 0 && { notSeen }),
    freeAddresses: subnets.found.map(({ SubnetId = '', AvailabilityZone = '', AvailableIpAddressCount = 0 }) => ({
      subnetId: SubnetId,
      zone: AvailabilityZone,
      free: AvailableIpAddressCount,
    })),
  };
};

import type * as Ec2 from '@aws-sdk/client-ec2';
import { AwsError, type Operation, type ServiceOperations } from '../../../operation.ts';
import type { Image, LaunchTemplate, LaunchTemplateVersion } from '../../state/compute.ts';
import type { WorldState } from '../../state/state.ts';
import { onAnything, pageOf } from '../authorize.ts';
import { type Description, describing, isOwn, tagList } from './describe.ts';
import { createFilter } from './filters.ts';
import { KINDS, mustExist } from './kinds.ts';

const imageShape = (state: WorldState, image: Image): Ec2.Image => ({
  ImageId: image.id,
  Name: image.name,
  ImageLocation: `${state.accountId}/${image.name}`,
  ImageType: 'machine',
  State: 'available',
  OwnerId: state.accountId,
  Public: false,
  CreationDate: new Date(image.createdAt).toISOString(),
  Architecture: image.architecture,
  PlatformDetails: 'Linux/UNIX',
  Hypervisor: 'xen',
  VirtualizationType: 'hvm',
  EnaSupport: true,
  RootDeviceType: 'ebs',
  RootDeviceName: image.rootDevice,
  Tags: tagList(state, image.id),
});

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html */
const IMAGES: Description<Ec2.DescribeImagesCommandInput, Ec2.Image, 'Images'> = {
  member: 'Images',
  all: (state, { Owners }) =>
    isOwn(state, Owners) ? state.images.filter((image) => !image.deregistered).map((image) => imageShape(state, image)) : [],
  filters: {
    architecture: 'Architecture',
    'creation-date': 'CreationDate',
    'image-id': 'ImageId',
    'is-public': 'Public',
    name: 'Name',
    'owner-id': 'OwnerId',
    'root-device-name': 'RootDeviceName',
    'root-device-type': 'RootDeviceType',
    state: 'State',
    'virtualization-type': 'VirtualizationType',
  },
  ids: { of: (input) => input.ImageIds, kind: KINDS.image, idOf: (image) => image.ImageId },
};

const latestOf = (template: LaunchTemplate): number => Math.max(...template.versions.map((version) => version.number));

const templateShape = (state: WorldState, template: LaunchTemplate): Ec2.LaunchTemplate => ({
  LaunchTemplateId: template.id,
  LaunchTemplateName: template.name,
  CreateTime: new Date(template.createdAt),
  CreatedBy: template.createdBy,
  DefaultVersionNumber: template.defaultVersion,
  LatestVersionNumber: latestOf(template),
  Operator: { Managed: false },
  Tags: tagList(state, template.id),
});

const noSuchName = (name: string): AwsError =>
  new AwsError(
    'InvalidLaunchTemplateName.NotFoundException',
    `At least one of the launch templates specified in the request does not exist: ${name}`,
  );

const TEMPLATES: Description<Ec2.DescribeLaunchTemplatesCommandInput, Ec2.LaunchTemplate, 'LaunchTemplates'> = {
  member: 'LaunchTemplates',
  all: (state, { LaunchTemplateNames: names = [] }) => {
    const missing = names.find((name) => !state.launchTemplates.some((template) => template.name === name));
    if (missing !== undefined) throw noSuchName(missing);
    return state.launchTemplates
      .filter((template) => names.length === 0 || names.includes(template.name))
      .map((template) => templateShape(state, template));
  },
  filters: { 'create-time': 'CreateTime', 'launch-template-name': 'LaunchTemplateName' },
  ids: { of: (input) => input.LaunchTemplateIds, kind: KINDS.launchTemplate, idOf: (template) => template.LaunchTemplateId },
};

const dataOf = (version: LaunchTemplateVersion): Ec2.ResponseLaunchTemplateData => ({
  ImageId: version.imageId,
  InstanceType: version.instanceType as Ec2._InstanceType,
  SecurityGroupIds: [...version.securityGroupIds],
  DisableApiTermination: version.disableApiTermination,
  ...(version.profileName !== undefined && { IamInstanceProfile: { Name: version.profileName } }),
  BlockDeviceMappings: version.blockDevices.map(({ device, sizeGib, deleteOnTermination, encrypted }) => ({
    DeviceName: device,
    Ebs: { VolumeSize: sizeGib, VolumeType: 'gp3', DeleteOnTermination: deleteOnTermination, Encrypted: encrypted },
  })),
});

const versionShape = (template: LaunchTemplate, version: LaunchTemplateVersion): Ec2.LaunchTemplateVersion => ({
  LaunchTemplateId: template.id,
  LaunchTemplateName: template.name,
  VersionNumber: version.number,
  VersionDescription: version.description,
  CreateTime: new Date(version.createdAt),
  CreatedBy: version.createdBy,
  DefaultVersion: version.number === template.defaultVersion,
  LaunchTemplateData: dataOf(version),
});

type VersionsInput = Ec2.DescribeLaunchTemplateVersionsCommandInput;

const templatesFor = (
  state: WorldState,
  { LaunchTemplateId, LaunchTemplateName, Versions = [] }: VersionsInput,
): LaunchTemplate[] => {
  if (LaunchTemplateId !== undefined) mustExist(state, KINDS.launchTemplate, [LaunchTemplateId]);
  const found = state.launchTemplates.filter(
    (template) =>
      (LaunchTemplateId === undefined || template.id === LaunchTemplateId) &&
      (LaunchTemplateName === undefined || template.name === LaunchTemplateName),
  );
  if (LaunchTemplateName !== undefined && found.length === 0) throw noSuchName(LaunchTemplateName);
  const named = LaunchTemplateId !== undefined || LaunchTemplateName !== undefined;
  // Without a template only its latest and default versions can be asked for, of all templates at once.
  if (!named && (Versions.length === 0 || Versions.some((version) => !version.startsWith('$'))))
    throw new AwsError(
      'MissingParameter',
      'Either a launch template ID or a launch template name must be specified in the request.',
    );
  return found;
};

const versionsOf = (
  template: LaunchTemplate,
  { Versions = [], MinVersion, MaxVersion }: VersionsInput,
): LaunchTemplateVersion[] => {
  const numberOf = (version: string): number =>
    version === '$Latest' ? latestOf(template) : version === '$Default' ? template.defaultVersion : Number(version);
  const missing = Versions.find((version) => !template.versions.some(({ number }) => number === numberOf(version)));
  if (missing !== undefined)
    throw new AwsError(
      'InvalidLaunchTemplateId.VersionNotFound',
      `Could not find the specified version ${missing} for the launch template with ID ${template.id}.`,
    );
  const wanted = new Set(Versions.map(numberOf));
  return template.versions
    .filter(({ number }) => wanted.size === 0 || wanted.has(number))
    .filter(({ number }) => number >= Number(MinVersion ?? 1) && number <= Number(MaxVersion ?? latestOf(template)))
    .sort((a, b) => b.number - a.number);
};

const VERSION_FILTERS = {
  'create-time': 'CreateTime',
  'iam-instance-profile': 'LaunchTemplateData.IamInstanceProfile.Name',
  'image-id': 'LaunchTemplateData.ImageId',
  'instance-type': 'LaunchTemplateData.InstanceType',
  'is-default-version': 'DefaultVersion',
};

/** A page holds so many unless told otherwise. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeLaunchTemplateVersions.html */
const VERSIONS_PER_PAGE = 200;

const describeVersions = (state: WorldState): Operation<VersionsInput> => ({
  authorize: () => onAnything('ec2:DescribeLaunchTemplateVersions'),
  run: (input) => {
    const passes = createFilter(input.Filters, VERSION_FILTERS);
    const shapes = templatesFor(state, input).flatMap((template) =>
      versionsOf(template, input).map((version) => versionShape(template, version)),
    );
    const { items, next } = pageOf(shapes.filter(passes), input.NextToken, input.MaxResults ?? VERSIONS_PER_PAGE);
    return { LaunchTemplateVersions: items, ...(next !== undefined && { NextToken: next }) };
  },
});

/** Nobody logs in with a key here: the account has none. */
const describeKeyPairs = (): Operation<Ec2.DescribeKeyPairsCommandInput> => ({
  authorize: () => onAnything('ec2:DescribeKeyPairs'),
  run: ({ KeyNames = [], KeyPairIds = [] }) => {
    const [missing] = [...KeyNames, ...KeyPairIds];
    if (missing !== undefined) throw new AwsError('InvalidKeyPair.NotFound', `The key pair '${missing}' does not exist`);
    return { KeyPairs: [] };
  },
});

export const imageOperations = (state: WorldState): ServiceOperations => ({
  DescribeImages: describing(state, 'DescribeImages', IMAGES),
  DescribeKeyPairs: describeKeyPairs(),
  DescribeLaunchTemplates: describing(state, 'DescribeLaunchTemplates', TEMPLATES),
  DescribeLaunchTemplateVersions: describeVersions(state),
});

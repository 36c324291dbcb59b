import type * as Ec2 from '@aws-sdk/client-ec2';
import { type Authorization, AwsError, type Operation, type ServiceOperations } from '../../../operation.ts';
import { setTags, tagsOf } from '../../state/find.ts';
import type { WorldState } from '../../state/state.ts';
import { on, requestTagKeys, tagKeys } from '../authorize.ts';
import { type Description, describing } from './describe.ts';
import { onInstance } from './instances.ts';
import { arnOf, KINDS, kindOf, mustExist } from './kinds.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions */
const TAGS_MAX = 50;
const KEY_CHARACTERS_MAX = 128;
const VALUE_CHARACTERS_MAX = 256;

type Tags = Readonly<Record<string, string>>;

export const recordOf = (tags: readonly Ec2.Tag[] | undefined): Record<string, string> =>
  Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));

/** Throws what EC2 says to tags that break its rules; `present` are those that the resource has already. */
export const mustBeTaggable = (present: Tags, added: Tags): void => {
  for (const [key, value] of Object.entries(added)) {
    if (key.toLowerCase().startsWith('aws:'))
      throw new AwsError(
        'InvalidParameterValue',
        "Value ( aws: ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use",
      );
    if (key === '' || key.length > KEY_CHARACTERS_MAX)
      throw new AwsError('InvalidParameterValue', `Tag key must have between 1 and ${KEY_CHARACTERS_MAX} characters.`);
    if (value.length > VALUE_CHARACTERS_MAX)
      throw new AwsError('InvalidParameterValue', `Tag value exceeds the maximum length of ${VALUE_CHARACTERS_MAX} characters.`);
  }
  const own = Object.keys({ ...present, ...added }).filter((key) => !key.startsWith('aws:'));
  if (own.length > TAGS_MAX)
    throw new AwsError('TagLimitExceeded', `The maximum number of Tags for a resource has been reached.`);
};

const mustAllExist = (state: WorldState, ids: readonly string[]): void => {
  if (ids.length === 0) throw new AwsError('MissingParameter', 'The request must contain the parameter resourceIdSet');
  for (const id of ids) {
    const kind = kindOf(id);
    if (kind === undefined) throw new AwsError('InvalidID', `The ID '${id}' is not valid`);
    mustExist(state, kind, [id]);
  }
};

/** Each resource with the tags it has and the tags that the call brings. */
const authorizeEach = (state: WorldState, action: string, ids: readonly string[], tags: readonly Ec2.Tag[]): Authorization[] => {
  mustAllExist(state, ids);
  const asked = requestTagKeys(tags);
  return ids.map((id) => {
    const kind = kindOf(id)!;
    if (kind.resource === KINDS.instance.resource) {
      const authorization = onInstance(state, action, id);
      return { ...authorization, context: { ...authorization.context, ...asked } };
    }
    return on(action, arnOf(state, kind, id), tagKeys('ec2', tagsOf(state, id)), asked, { 'ec2:Region': state.region });
  });
};

const createTags = (state: WorldState): Operation<Ec2.CreateTagsCommandInput> => ({
  authorize: ({ Resources, Tags }) => authorizeEach(state, 'ec2:CreateTags', Resources ?? [], Tags ?? []),
  run: ({ Resources, Tags }) => {
    const tags = recordOf(Tags);
    const ids = Resources ?? [];
    for (const id of ids) mustBeTaggable(tagsOf(state, id), tags);
    for (const id of ids) setTags(state, id, tags);
    return {};
  },
});

/** A tag with a value is deleted only if it has that value; without any tags all but the reserved ones go. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTags.html */
const deleteTags = (state: WorldState): Operation<Ec2.DeleteTagsCommandInput> => ({
  authorize: ({ Resources, Tags }) => authorizeEach(state, 'ec2:DeleteTags', Resources ?? [], Tags ?? []),
  run: ({ Resources, Tags }) => {
    const goes = (key: string, value: string): boolean =>
      Tags === undefined || Tags.length === 0
        ? !key.startsWith('aws:')
        : Tags.some((tag) => tag.Key === key && (tag.Value === undefined || tag.Value === value));
    for (const id of Resources ?? [])
      state.tags[id] = Object.fromEntries(Object.entries(tagsOf(state, id)).filter(([key, value]) => !goes(key, value)));
    return {};
  },
});

/** EC2's own resources only: load balancing describes its tags itself. */
const TAG_LIST: Description<Ec2.DescribeTagsCommandInput, Ec2.TagDescription, 'Tags'> = {
  member: 'Tags',
  all: (state) =>
    Object.entries(state.tags).flatMap(([id, tags]) => {
      const kind = kindOf(id);
      if (kind === undefined) return [];
      return Object.entries(tags).map(([Key, Value]) => ({
        ResourceId: id,
        ResourceType: kind.resource as Ec2.ResourceType,
        Key,
        Value,
      }));
    }),
  filters: { key: 'Key', value: 'Value', 'resource-id': 'ResourceId', 'resource-type': 'ResourceType' },
};

export const tagOperations = (state: WorldState): ServiceOperations => ({
  CreateTags: createTags(state),
  DeleteTags: deleteTags(state),
  DescribeTags: describing(state, 'DescribeTags', TAG_LIST),
});

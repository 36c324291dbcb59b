import type * as Sdk from '@aws-sdk/client-ssm';
import { AwsError, type Operation, type ServiceOperations } from '../../../operation.ts';
import { agentReachable } from '../../physics/app.ts';
import type { Instance } from '../../state/compute.ts';
import { primaryInterface, tagsOf } from '../../state/find.ts';
import type { WorldState } from '../../state/state.ts';
import { on, onAnything, pageOf } from '../authorize.ts';
import { documentArn, documentNamed } from './commands.ts';

const PAGE = { usual: 10, max: 50 };

const describeDocument = (
  state: WorldState,
): Operation<Sdk.DescribeDocumentCommandInput, Omit<Sdk.DescribeDocumentCommandOutput, '$metadata'>> => ({
  authorize: ({ Name = '' }) => [on('ssm:DescribeDocument', documentArn(state, Name))],
  run: ({ Name }) => {
    const document = documentNamed(state, Name);
    return {
      Document: {
        Name: document.name,
        Owner: document.owner,
        Description: document.description,
        CreatedDate: new Date(document.createdAt),
        Status: 'Active',
        DocumentVersion: '1',
        LatestVersion: '1',
        DefaultVersion: '1',
        DocumentType: 'Command',
        SchemaVersion: '2.2',
        DocumentFormat: 'YAML',
        PlatformTypes: ['Linux'],
        Parameters: [],
        Tags: [],
      },
    };
  },
});

const information = (state: WorldState, instance: Instance): Sdk.InstanceInformation => ({
  InstanceId: instance.id,
  PingStatus: agentReachable(state, instance) ? 'Online' : 'ConnectionLost',
  LastPingDateTime: new Date(state.now),
  AgentVersion: '3.3.2299.0',
  IsLatestVersion: true,
  PlatformType: 'Linux',
  PlatformName: 'Amazon Linux',
  PlatformVersion: '2023',
  ResourceType: 'EC2Instance',
  IPAddress: primaryInterface(state, instance.id)?.ip,
  ComputerName: `${instance.id}.${state.region}.compute.internal`,
});

type Filter = { readonly name: string; readonly values: readonly string[] };

/** Both forms of filters, the older in small letters. */
const filtersOf = ({
  Filters = [],
  InstanceInformationFilterList: older = [],
}: Sdk.DescribeInstanceInformationCommandInput): readonly Filter[] => [
  ...Filters.map(({ Key = '', Values = [] }) => ({ name: Key, values: Values })),
  ...older.map(({ key = '', valueSet = [] }) => ({ name: key, values: valueSet })),
];

const passes = (state: WorldState, one: Sdk.InstanceInformation, { name, values }: Filter): boolean => {
  if (name === 'InstanceIds') return values.includes(one.InstanceId ?? '');
  if (name === 'PingStatus') return values.includes(one.PingStatus ?? '');
  if (name.startsWith('tag:')) return values.includes(tagsOf(state, one.InstanceId ?? '')[name.slice('tag:'.length)] ?? '');
  throw new AwsError('InvalidInstanceInformationFilterValue', `The filter ${name} is not valid.`);
};

/** Instances whose agent has registered once; `ConnectionLost` when it cannot be heard any more. */
const describeInformation = (
  state: WorldState,
): Operation<Sdk.DescribeInstanceInformationCommandInput, Omit<Sdk.DescribeInstanceInformationCommandOutput, '$metadata'>> => ({
  authorize: () => onAnything('ssm:DescribeInstanceInformation'),
  run: (input) => {
    const size = input.MaxResults ?? PAGE.usual;
    if (size > PAGE.max) throw new AwsError('ValidationException', `MaxResults must not exceed ${PAGE.max}.`);
    const managed = state.instances.filter((one) => one.state === 'running' && one.agent !== 'offline' && !one.booting);
    const filters = filtersOf(input);
    const found = managed
      .map((one) => information(state, one))
      .filter((one) => filters.every((filter) => passes(state, one, filter)));
    const { items, next } = pageOf(found, input.NextToken, size);
    return { InstanceInformationList: [...items], ...(next !== undefined && { NextToken: next }) };
  },
});

export const inventoryOperations = (state: WorldState): ServiceOperations => ({
  DescribeDocument: describeDocument(state),
  DescribeInstanceInformation: describeInformation(state),
});

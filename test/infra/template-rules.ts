/** What holds for the templates as they are written, and again for the one that is packaged from them. */
import { expect, test } from 'vitest';
import { circleOf, needsOf, type Resources, statementsOf } from './template.ts';

/** Statements whose resource is everything, because the API knows nothing narrower. Each says so where it stands. */
const EVERYTHING: Readonly<Record<string, string>> = {
  'ReadRole.DescribeEverything': 'Describe and List actions have no resource level',
  'Key.LetPoliciesDecide': "in a key's policy it means that key",
};

export const describeTemplateRules = (load: () => Resources): void => {
  test('nothing is allowed by a wildcard action', () => {
    const wild = statementsOf(load()).filter(
      ({ effect, actions }) => effect === 'Allow' && actions.some((action) => action.includes('*')),
    );
    expect(wild).toEqual([]);
  });

  test('everything is the resource only where nothing narrower exists', () => {
    const broad = statementsOf(load())
      .filter(({ effect, resources }) => effect === 'Allow' && resources.includes('*'))
      .map(({ name }) => name);
    expect(broad.sort()).toEqual(Object.keys(EVERYTHING).sort());
  });

  test('what reads may not narrow reads only', () => {
    const [broad] = statementsOf(load()).filter(({ name }) => name === 'ReadRole.DescribeEverything');
    expect(broad?.actions.filter((action) => !/:(Describe|List|Get|Lookup)/.test(action))).toEqual([]);
  });

  test('no resource waits for itself', () => {
    expect(circleOf(load())).toBeUndefined();
  });

  test('what is referred to exists', () => {
    const resources = load();
    const missing = Object.entries(resources).flatMap(([id, resource]) =>
      [...needsOf(resource)].filter((name) => !(name in resources)).map((name) => `${id} needs ${name}`),
    );
    expect(missing).toEqual([]);
  });

  test('the log and the evidence outlive their stack', () => {
    const { Table, EvidenceBucket, Key } = load();
    for (const resource of [Table, EvidenceBucket, Key])
      expect(resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(Table?.Properties).toMatchObject({
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });

  test('the evidence is private, encrypted with our key, and sent over TLS only', () => {
    const { EvidenceBucket, EvidenceBucketPolicy } = load();
    expect(EvidenceBucket?.Properties?.['PublicAccessBlockConfiguration']).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(JSON.stringify(EvidenceBucket?.Properties?.['BucketEncryption'])).toContain(
      '"KMSMasterKeyID":{"Fn::GetAtt":["Key","Arn"]}',
    );
    expect(JSON.stringify(EvidenceBucketPolicy?.Properties)).toContain('"aws:SecureTransport":"false"');
  });

  test('a request that fails every time is kept, and somebody hears of it', () => {
    const { WorkQueue, WorkDeadLetters, DeadLetterAlarm } = load();
    expect(WorkQueue?.Properties).toMatchObject({
      FifoQueue: true,
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['WorkDeadLetters', 'Arn'] }, maxReceiveCount: 10 },
    });
    expect(WorkDeadLetters?.Properties).toMatchObject({ FifoQueue: true, MessageRetentionPeriod: 14 * 24 * 3600 });
    expect(DeadLetterAlarm?.Properties).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['WorkDeadLetters', 'QueueName'] } }],
      AlarmActions: [{ Ref: 'AlarmTopic' }],
    });
  });
};

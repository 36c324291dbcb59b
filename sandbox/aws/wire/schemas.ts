import type { NormalizedSchema } from '@smithy/core/schema';

/** The SDK's own runtime schemas: what an operation takes and gives, with the names that its protocol writes. */

export type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];

export type OperationSchema = readonly [
  kind: 9,
  namespace: string,
  name: string,
  /** For REST protocols: `http: [method, path template, status]`. */
  traits: number | { readonly http?: readonly [string, string, number] },
  input: SchemaRef,
  output: SchemaRef,
];

export type ProtocolName = 'ec2Query' | 'awsQuery' | 'awsJson1_0' | 'awsJson1_1' | 'restXml';

export type ServiceModel = {
  /** The SigV4 signing name. */
  readonly service: string;
  readonly protocol: ProtocolName;
  readonly namespace: string;
  readonly xmlNamespace: string;
  /** What `X-Amz-Target` begins with. */
  readonly target: string;
  /** A JSON service that was once a Query service also tells its old error code, in a header. */
  readonly queryCompatible: boolean;
  readonly operations: ReadonlyMap<string, OperationSchema>;
};

type ClientModule = Readonly<Record<string, unknown>>;

/**
 * The clients that can be spoken to, by signing name. Loaded when first called: EC2's schemas alone have some hundred thousand lines.
 * A new service is one line here, and its operations in the world.
 */
const CLIENTS: Readonly<Record<string, { readonly client: string; readonly load: () => Promise<ClientModule> }>> = {
  acm: { client: 'ACMClient', load: () => import('@aws-sdk/client-acm') },
  autoscaling: { client: 'AutoScalingClient', load: () => import('@aws-sdk/client-auto-scaling') },
  cloudtrail: { client: 'CloudTrailClient', load: () => import('@aws-sdk/client-cloudtrail') },
  ec2: { client: 'EC2Client', load: () => import('@aws-sdk/client-ec2') },
  elasticloadbalancing: {
    client: 'ElasticLoadBalancingV2Client',
    load: () => import('@aws-sdk/client-elastic-load-balancing-v2'),
  },
  iam: { client: 'IAMClient', load: () => import('@aws-sdk/client-iam') },
  kms: { client: 'KMSClient', load: () => import('@aws-sdk/client-kms') },
  monitoring: { client: 'CloudWatchClient', load: () => import('@aws-sdk/client-cloudwatch') },
  route53: { client: 'Route53Client', load: () => import('@aws-sdk/client-route-53') },
  s3: { client: 'S3Client', load: () => import('@aws-sdk/client-s3') },
  ssm: { client: 'SSMClient', load: () => import('@aws-sdk/client-ssm') },
  sts: { client: 'STSClient', load: () => import('@aws-sdk/client-sts') },
};

export const knownServices: readonly string[] = Object.keys(CLIENTS);

type ClientProtocol = {
  readonly getShapeId: () => string;
};
type ProtocolSettings = {
  readonly defaultNamespace: string;
  readonly xmlNamespace?: string;
  readonly serviceTarget?: string;
  readonly awsQueryCompatible?: boolean;
};
type ClientConstructor = new (config: {
  readonly region: string;
}) => { readonly config: { readonly protocol: ClientProtocol; readonly protocolSettings: ProtocolSettings }; destroy(): void };

const PROTOCOLS: readonly ProtocolName[] = ['ec2Query', 'awsQuery', 'awsJson1_0', 'awsJson1_1', 'restXml'];

const isOperation = (value: unknown): value is OperationSchema => Array.isArray(value) && value[0] === 9;

const readModel = async (service: string): Promise<ServiceModel> => {
  const entry = CLIENTS[service];
  if (entry === undefined) throw new Error(`No SDK client is installed for the service "${service}".`);
  const module = await entry.load();
  const Client = module[entry.client] as ClientConstructor;
  const client = new Client({ region: 'us-east-1' });
  const { protocol, protocolSettings: settings } = client.config;
  client.destroy();
  const name = PROTOCOLS.find((each) => protocol.getShapeId() === `aws.protocols#${each}`);
  if (name === undefined) throw new Error(`${entry.client} speaks ${protocol.getShapeId()}, which the wire does not.`);
  const schemas = Object.values(module).filter(isOperation);
  return {
    service,
    protocol: name,
    namespace: settings.defaultNamespace,
    xmlNamespace: settings.xmlNamespace ?? '',
    target: settings.serviceTarget ?? '',
    queryCompatible: settings.awsQueryCompatible ?? false,
    operations: new Map(schemas.map((schema) => [schema[2], schema])),
  };
};

const models = new Map<string, Promise<ServiceModel>>();

/** The model of a service; read once a process. Rejects for a service without an installed client. */
export const serviceModel = (service: string): Promise<ServiceModel> => {
  const known = models.get(service);
  if (known !== undefined) return known;
  const model = readModel(service);
  models.set(service, model);
  return model;
};

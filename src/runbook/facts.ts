/**
 * A fact is a question to AWS, as data, and the type of its answer. Checks and fixes name the facts they need;
 * adapters fetch them; nothing in here or in `runbooks/` ever waits or calls.
 */
import type { Entities } from './entities.ts';

/** Every question that may be asked. The key is the fact's kind; `params` are its coordinates. */
export type FactKinds = {
  /** One Auto Scaling group with its members; `undefined` when there is none of that name. */
  readonly group: { readonly params: { readonly name: string }; readonly answer: Entities['Group'] | undefined };
  /** What could change the group by itself or lately has: hooks, policies, schedules, warm pool, refreshes, activities. */
  readonly 'group-surroundings': { readonly params: { readonly name: string }; readonly answer: Entities['GroupSurroundings'] };
  /** What the group would launch now, resolved: template version, image, subnets with free addresses, what is missing. */
  readonly 'launch-source': { readonly params: { readonly groupName: string }; readonly answer: Entities['LaunchSource'] };
  readonly instance: { readonly params: { readonly id: string }; readonly answer: Entities['Instance'] | undefined };
  /** Members of the group, as EC2 sees them. */
  readonly 'instances-of-group': { readonly params: { readonly name: string }; readonly answer: readonly Entities['Instance'][] };
  /** Volumes attached to the instance now, keys included. */
  readonly 'volumes-of': { readonly params: { readonly instanceId: string }; readonly answer: readonly Entities['Volume'][] };
  /** Snapshots that carry the run's tag, in any state. */
  readonly 'snapshots-of-run': { readonly params: { readonly runId: string }; readonly answer: readonly Entities['Snapshot'][] };
  /**
   * Every target group of the group's load balancers and every other one in the VPC that the instance (without one: any
   * member of the group) is a target of, by id or address.
   */
  readonly 'target-groups-around': {
    readonly params: { readonly groupName: string; readonly instanceId?: string };
    readonly answer: readonly Entities['TargetGroup'][];
  };
  /** How busy the group's members are. Asked for as optional: it is shown, nothing stands on it. */
  readonly 'load-of-group': { readonly params: { readonly name: string }; readonly answer: readonly Entities['InstanceLoad'][] };
  /** Elastic IPs and routes that point at the instance. */
  readonly 'ties-of': { readonly params: { readonly instanceId: string }; readonly answer: Entities['Ties'] };
  /** What serves a service, found from its load balancer's name or its DNS name, down to the instances. */
  readonly 'service-map': { readonly params: { readonly serviceId: string }; readonly answer: Entities['ServiceMap'] };
  /** Subnets, ACLs, route tables and security groups of everything on the service's map. */
  readonly network: { readonly params: { readonly serviceId: string }; readonly answer: Entities['Network'] };
  /** Status checks and scheduled events of the service's instances. */
  readonly 'instance-statuses': {
    readonly params: { readonly serviceId: string };
    readonly answer: readonly Entities['InstanceStatus'][];
  };
  /** Surroundings and load of each group on the service's map. */
  readonly scaling: { readonly params: { readonly serviceId: string }; readonly answer: readonly Entities['GroupScaling'][] };
  /** Where the dependencies that the service file names are. */
  readonly dependencies: {
    readonly params: { readonly serviceId: string };
    readonly answer: readonly Entities['DependencySeen'][];
  };
  readonly identity: { readonly params: { readonly serviceId: string }; readonly answer: Entities['WorkloadIdentity'] };
  readonly 'name-resolution': { readonly params: { readonly serviceId: string }; readonly answer: Entities['NameResolution'] };
  readonly certificates: { readonly params: { readonly serviceId: string }; readonly answer: readonly Entities['Certificate'][] };
  readonly traffic: { readonly params: { readonly serviceId: string }; readonly answer: Entities['Traffic'] };
  readonly changes: {
    readonly params: { readonly serviceId: string; readonly hours: string };
    readonly answer: Entities['Changes'];
  };
};
export type FactKind = keyof FactKinds;

export type Fact<T = unknown> = {
  readonly kind: FactKind;
  readonly params: Readonly<Record<string, string>>;
  /** Set when a check can say something even if this one cannot be read. */
  readonly optional?: true;
  readonly _answer?: T;
};
export type Needs = Readonly<Record<string, Fact>>;
export type Answers<N extends Needs> = { readonly [K in keyof N]: N[K] extends Fact<infer T> ? T : never };

/** Why a fact is not known: it is never a failure of the thing asked about. */
export type Unreadable = {
  readonly unreadable: 'denied' | 'throttled' | 'timed-out' | 'failed';
  /** Readable by a responder: what could not be read and why. */
  readonly because: string;
  /** `ec2:DescribeNetworkAcls`, when it was denied. */
  readonly permission?: string;
};
export const isUnreadable = (answer: unknown): answer is Unreadable =>
  typeof answer === 'object' && answer !== null && 'unreadable' in answer;

export const fact = <K extends FactKind>(kind: K, params: FactKinds[K]['params']): Fact<FactKinds[K]['answer']> => ({
  kind,
  params: params as Readonly<Record<string, string>>,
});
export const maybe = <T>(needed: Fact<T>): Fact<T | Unreadable> => ({ ...needed, optional: true }) as Fact<T | Unreadable>;

/** The same question has the same key, so that a run asks it once. */
export const factKey = ({ kind, params }: Fact): string =>
  `${kind}(${Object.entries(params)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join(',')})`;

/** What packets meet: security groups, ACLs, routes, subnets, and where dependencies are. */
import type { Tags } from '../entities.ts';

/** Where a dependency of the service file is, as far as names and the account tell. */
export type DependencySeen = {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** IPv4 addresses: the host itself, or what it resolves to from where the bot runs. */
  readonly addresses: readonly string[];
  /** The resolver's word, when it has no addresses. */
  readonly resolveError?: string;
  /** The network interfaces in this account that hold the addresses; none for what is elsewhere. */
  readonly interfaces: readonly {
    readonly id: string;
    readonly address: string;
    readonly subnetId: string;
    readonly securityGroupIds: readonly string[];
    readonly description: string;
    /** `in-use`, `available`… */
    readonly status: string;
  }[];
};
export type PortRule = {
  readonly id: string;
  /** `tcp`, `udp`, `icmp`, or `-1` for all. */
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly cidr?: string;
  readonly cidr6?: string;
  readonly groupId?: string;
  readonly prefixListId?: string;
  readonly description?: string;
};
export type SecurityGroup = {
  readonly id: string;
  readonly name: string;
  readonly vpcId?: string;
  readonly tags: Tags;
  readonly ingress: readonly PortRule[];
  readonly egress: readonly PortRule[];
};
export type AclEntry = {
  readonly number: number;
  readonly egress: boolean;
  readonly allow: boolean;
  /** In words, as in `PortRule`, or AWS's number for others than `tcp`, `udp`, `icmp`, `icmpv6`; `-1` for all. */
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly cidr?: string;
  readonly cidr6?: string;
};
export type NetworkAcl = {
  readonly id: string;
  readonly subnetIds: readonly string[];
  readonly isDefault: boolean;
  readonly entries: readonly AclEntry[];
};
export type Route = { readonly destination: string; readonly target: string; readonly state: string };
export type RouteTable = {
  readonly id: string;
  readonly main: boolean;
  readonly subnetIds: readonly string[];
  readonly routes: readonly Route[];
};
export type Subnet = {
  readonly id: string;
  readonly cidr: string;
  readonly cidr6?: string;
  readonly zone: string;
  readonly vpcId: string;
  readonly freeAddresses: number;
};
export type Network = {
  readonly vpcCidrs: readonly string[];
  readonly subnets: readonly Subnet[];
  readonly acls: readonly NetworkAcl[];
  readonly routeTables: readonly RouteTable[];
  readonly securityGroups: readonly SecurityGroup[];
  /** Service names of the VPC's endpoints, with the route tables or subnets they serve. */
  readonly endpoints: readonly {
    readonly id: string;
    readonly service: string;
    readonly type: string;
    readonly routeTableIds: readonly string[];
  }[];
  /** Parts that could not be read, and are empty: one that may not be looked at does not hide the others. */
  readonly notSeen?: { readonly [K in NetworkPart]?: { readonly because: string; readonly permission?: string } };
};
export type NetworkPart = 'acls' | 'routeTables' | 'securityGroups' | 'endpoints';

/** The network, in the members' own API names so that describing it is filtering it. Tags of everything are in `WorldState.tags`. */

export type Vpc = { VpcId: string; CidrBlock: string; State: 'available'; IsDefault: boolean; OwnerId: string };

export type Subnet = {
  SubnetId: string;
  VpcId: string;
  CidrBlock: string;
  AvailabilityZone: string;
  AvailabilityZoneId: string;
  MapPublicIpOnLaunch: boolean;
  AvailableIpAddressCount: number;
  State: 'available';
  SubnetArn: string;
  OwnerId: string;
};

export type Route = {
  DestinationCidrBlock: string;
  GatewayId?: string;
  NatGatewayId?: string;
  InstanceId?: string;
  NetworkInterfaceId?: string;
  Origin: 'CreateRouteTable' | 'CreateRoute';
  State: 'active' | 'blackhole';
};

export type RouteTable = {
  RouteTableId: string;
  VpcId: string;
  OwnerId: string;
  Routes: Route[];
  Associations: {
    RouteTableAssociationId: string;
    RouteTableId: string;
    Main: boolean;
    SubnetId?: string;
    AssociationState: { State: 'associated' };
  }[];
};

export type AclEntry = {
  RuleNumber: number;
  /** IANA number as text; `-1` is every protocol. */
  Protocol: string;
  RuleAction: 'allow' | 'deny';
  Egress: boolean;
  CidrBlock: string;
  PortRange?: { From: number; To: number };
};

export type NetworkAcl = {
  NetworkAclId: string;
  VpcId: string;
  OwnerId: string;
  IsDefault: boolean;
  Entries: AclEntry[];
  Associations: { NetworkAclAssociationId: string; NetworkAclId: string; SubnetId: string }[];
};

/** One rule has one source or destination: an address range or another group. */
export type SecurityRule = {
  id: string;
  egress: boolean;
  /** `tcp`, `udp`, `icmp` or `-1`. */
  protocol: string;
  from: number;
  to: number;
  cidr?: string;
  groupId?: string;
  description?: string;
};

export type SecurityGroup = {
  id: string;
  name: string;
  description: string;
  vpcId: string;
  rules: SecurityRule[];
};

export type NetworkInterface = {
  id: string;
  subnetId: string;
  vpcId: string;
  zone: string;
  ip: string;
  secondaryIps: string[];
  groupIds: string[];
  type: 'interface' | 'nat_gateway' | 'network_load_balancer' | 'vpc_endpoint';
  description: string;
  /** AWS services own the interfaces they put into a VPC. */
  requesterId?: string;
  publicIp?: string;
  attachment?: { id: string; instanceId: string; deviceIndex: number; deleteOnTermination: boolean; attachedAt: number };
  /** Ports something answers on that is no instance of ours (a managed database). */
  listens: number[];
};

export type Address = {
  allocationId: string;
  publicIp: string;
  associationId?: string;
  networkInterfaceId?: string;
  instanceId?: string;
};

export type InternetGateway = {
  InternetGatewayId: string;
  OwnerId: string;
  Attachments: { State: 'available'; VpcId: string }[];
};

export type NatGateway = {
  NatGatewayId: string;
  SubnetId: string;
  VpcId: string;
  State: 'available' | 'deleted' | 'failed';
  ConnectivityType: 'public';
  NatGatewayAddresses: { AllocationId: string; NetworkInterfaceId: string; PrivateIp: string; PublicIp: string }[];
};

export type VpcEndpoint = {
  VpcEndpointId: string;
  VpcEndpointType: 'Interface' | 'Gateway';
  VpcId: string;
  ServiceName: string;
  State: 'available';
  RouteTableIds: string[];
  SubnetIds: string[];
  Groups: { GroupId: string; GroupName: string }[];
  NetworkInterfaceIds: string[];
};

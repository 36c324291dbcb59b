import { aclEntry, nextPublicIp } from '../fixtures/network.ts';
import { EPHEMERAL_PORTS } from '../limits.ts';
import { addInterface, removeInterface } from '../physics/launch.ts';
import { routeTableOf } from '../physics/packet-walk.ts';
import { instanceOf, interfacesOf, primaryInterface, securityGroupOf } from '../state/find.ts';
import { ec2Id } from '../state/ids.ts';
import type { NetworkAcl, SecurityRule } from '../state/network.ts';
import type { WorldState } from '../state/state.ts';
import { type Act, leaveTrace, type Reversal, reversible, swap } from './reversible.ts';

const aclOf = (state: WorldState, id: string): NetworkAcl => {
  const acl = state.networkAcls.find((one) => one.NetworkAclId === id);
  if (acl === undefined) throw new Error(`The world has no network ACL ${id}.`);
  return acl;
};

const ingress = (rule: SecurityRule, port: number): boolean => !rule.egress && rule.from <= port && port <= rule.to;

export type Denial = { readonly port: number; readonly egress?: boolean; readonly cidr?: string; readonly number?: number };

/** Rules of security groups and ACLs that somebody changed. */
const rules = (act: Act) => ({
  /** Takes away every rule that lets this port in. */
  revokeIngress: (groupId: string, port: number): Reversal =>
    reversible(act, (state) => {
      leaveTrace(state, 'ec2', 'RevokeSecurityGroupIngress', {
        GroupId: groupId,
        IpPermissions: [{ FromPort: port, ToPort: port }],
      });
      const group = securityGroupOf(state, groupId);
      return swap(group, { rules: group.rules.filter((rule) => !ingress(rule, port)) });
    }),
  /** The rule for this port goes on existing, and names another group than the one that asks. */
  swapReferencedGroup: (groupId: string, port: number, otherGroupId: string): Reversal =>
    reversible(act, (state) => {
      leaveTrace(state, 'ec2', 'ModifySecurityGroupRules', { GroupId: groupId, ReferencedGroupId: otherGroupId });
      const group = securityGroupOf(state, groupId);
      return swap(group, {
        rules: group.rules.map((rule) =>
          ingress(rule, port) && rule.groupId !== undefined ? { ...rule, groupId: otherGroupId } : rule,
        ),
      });
    }),
  /** A rule before the others that denies one port. */
  denyInAcl: (aclId: string, { port, egress = false, cidr = '0.0.0.0/0', number = 50 }: Denial): Reversal =>
    reversible(act, (state) => {
      leaveTrace(state, 'ec2', 'CreateNetworkAclEntry', {
        NetworkAclId: aclId,
        RuleNumber: number,
        RuleAction: 'deny',
        Egress: egress,
      });
      const acl = aclOf(state, aclId);
      return swap(acl, { Entries: [...acl.Entries, aclEntry({ number, egress, from: port, to: port, cidr, allow: false })] });
    }),
  /** Somebody tidies away the outbound rules that replies need. */
  closeEphemeralPorts: (aclId: string): Reversal =>
    reversible(act, (state) => {
      const acl = aclOf(state, aclId);
      const gone = acl.Entries.filter(
        ({ Egress, RuleAction, PortRange }) => Egress && RuleAction === 'allow' && PortRange?.From === EPHEMERAL_PORTS.From,
      );
      for (const { RuleNumber } of gone)
        leaveTrace(state, 'ec2', 'DeleteNetworkAclEntry', { NetworkAclId: aclId, RuleNumber, Egress: true });
      return swap(acl, { Entries: acl.Entries.filter((entry) => !gone.includes(entry)) });
    }),
});

/** Routes, addresses and interfaces. */
const paths = (act: Act) => ({
  /** What a subnet's route leads to has gone. */
  blackholeRoute: (subnetId: string, destination = '0.0.0.0/0'): Reversal =>
    reversible(act, (state) => {
      const route = routeTableOf(state, subnetId)?.Routes.find((one) => one.DestinationCidrBlock === destination);
      if (route === undefined) throw new Error(`Subnet ${subnetId} has no route to ${destination}.`);
      return swap(route, { State: 'blackhole' });
    }),
  routeToInstance: (subnetId: string, destination: string, instanceId: string): Reversal =>
    reversible(act, (state) => {
      const table = routeTableOf(state, subnetId);
      const card = primaryInterface(state, instanceId);
      if (table === undefined || card === undefined) throw new Error(`No route from ${subnetId} to ${instanceId} can be made.`);
      leaveTrace(state, 'ec2', 'CreateRoute', {
        RouteTableId: table.RouteTableId,
        DestinationCidrBlock: destination,
        InstanceId: instanceId,
      });
      const route = {
        DestinationCidrBlock: destination,
        InstanceId: instanceId,
        NetworkInterfaceId: card.id,
        Origin: 'CreateRoute',
        State: 'active',
      } as const;
      return swap(table, { Routes: [...table.Routes, route] });
    }),
  giveElasticIp: (instanceId: string): Reversal =>
    reversible(act, (state) => {
      const card = primaryInterface(state, instanceId);
      if (card === undefined) throw new Error(`${instanceId} has no network interface.`);
      const publicIp = nextPublicIp(state);
      const address = {
        allocationId: ec2Id(state, 'eipalloc'),
        publicIp,
        associationId: ec2Id(state, 'eipassoc'),
        networkInterfaceId: card.id,
        instanceId,
      };
      leaveTrace(state, 'ec2', 'AssociateAddress', { AllocationId: address.allocationId, InstanceId: instanceId });
      state.addresses.push(address);
      card.publicIp = publicIp;
      return () => {
        state.addresses = state.addresses.filter((one) => one.allocationId !== address.allocationId);
        delete card.publicIp;
      };
    }),
  addSecondaryInterface: (instanceId: string): Reversal =>
    reversible(act, (state) => {
      const instance = instanceOf(state, instanceId);
      const [first, ...others] = interfacesOf(state, instanceId);
      const attachment = {
        id: ec2Id(state, 'eni-attach'),
        instanceId,
        deviceIndex: others.length + 1,
        deleteOnTermination: false,
        attachedAt: state.now,
      };
      const card = addInterface(state, {
        subnetId: instance.subnetId,
        groupIds: first?.groupIds ?? [],
        description: 'appliance',
        attachment,
      });
      leaveTrace(state, 'ec2', 'AttachNetworkInterface', { InstanceId: instanceId, NetworkInterfaceId: card.id });
      return () => removeInterface(state, card.id);
    }),
});

export const createNetworkChanges = (act: Act) => ({ ...rules(act), ...paths(act) });

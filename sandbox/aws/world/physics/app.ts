import type { App, Instance } from '../state/compute.ts';
import { primaryInterface } from '../state/find.ts';
import type { NetworkInterface } from '../state/network.ts';
import type { WorldState } from '../state/state.ts';
import { type Place, placeOf, type Walk, walkInside, walkOut } from './packet-walk.ts';

/** What the other end of a connection says once packets reach it. */
export type Answer =
  | { readonly kind: 'status'; readonly status: number; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'silence'; readonly why: string };

export const instancePlace = (state: WorldState, instanceId: string): Place | undefined => {
  const card = primaryInterface(state, instanceId);
  return card === undefined ? undefined : placeOf(state, card.id);
};

const interfaceAt = (state: WorldState, ip: string): NetworkInterface | undefined =>
  state.interfaces.find((one) => one.ip === ip || one.secondaryIps.includes(ip));

export const placeAt = (state: WorldState, ip: string): Place | undefined => {
  const found = interfaceAt(state, ip);
  return found === undefined ? undefined : { ...placeOf(state, found.id), ip };
};

/** Whether something inside the VPC answers at an address and port, asked from an instance. */
const dependencyWalk = (state: WorldState, from: Place, ip: string, port: number): Walk => {
  const card = interfaceAt(state, ip);
  if (card === undefined) return { arrives: false, at: ip, why: `No network interface has the address ${ip}.` };
  const walk = walkInside(state, from, { ...placeOf(state, card.id), ip }, port);
  if (!walk.arrives || card.attachment !== undefined || card.listens.includes(port)) return walk;
  return { arrives: false, at: card.id, why: `Nothing listens at ${ip}:${port}.` };
};

export const hasRole = (state: WorldState, profileName: string | undefined): boolean =>
  state.profiles.some((profile) => profile.name === profileName && profile.roleName !== undefined);

/** Why the application cannot do its work: a dependency it cannot reach, credentials it cannot get. */
const incapacity = (state: WorldState, instance: Instance): string | undefined => {
  if (instance.app.needsRole && !hasRole(state, instance.profileName))
    return `${instance.app.name} on ${instance.id} finds no credentials: its instance profile has no role.`;
  const refused = state.profiles.find((profile) => profile.name === instance.profileName)?.refused ?? [];
  const lacking = instance.app.accesses.find((one) =>
    refused.some(({ action, resource }) => action === one.action && resource === one.resource),
  );
  if (lacking !== undefined) return `${instance.app.name} on ${instance.id} is refused ${lacking.action} on ${lacking.resource}.`;
  const from = instancePlace(state, instance.id);
  if (from === undefined) return `${instance.id} has no network interface.`;
  for (const { name, ip, port } of instance.app.dependencies) {
    const walk = dependencyWalk(state, from, ip, port);
    if (!walk.arrives) return `${instance.app.name} on ${instance.id} cannot reach ${name}: ${walk.why}`;
  }
  return undefined;
};

const appAnswer = (state: WorldState, instance: Instance, app: App, path: string): Answer => {
  const isHealth = path === app.healthPath;
  if (isHealth && app.health !== 'deep')
    return { kind: 'status', status: app.health, why: `${app.name} answers its health path ${app.health}.` };
  const why = incapacity(state, instance);
  if (why !== undefined) return { kind: 'status', status: 500, why };
  // A page nobody has: what a wrong health check path meets.
  const known = isHealth || !path.startsWith('/health');
  const status = known ? app.status : 404;
  return { kind: 'status', status, why: `${app.name} ${app.version} on ${instance.id} answers ${status}.` };
};

/** What an instance answers at a port; `path` undefined asks only whether it accepts the connection. */
export const instanceAnswer = (state: WorldState, instance: Instance, port: number, path: string | undefined): Answer => {
  if (instance.state !== 'running') return { kind: 'silence', why: `${instance.id} is ${instance.state}.` };
  if (instance.impaired) return { kind: 'silence', why: `${instance.id} is impaired and answers nothing.` };
  const { app } = instance;
  if (instance.booting || app.state === 'down' || port !== app.port)
    return { kind: 'refused', why: `Nothing listens on port ${port} of ${instance.id}.` };
  if (path === undefined) return { kind: 'status', status: 200, why: `${instance.id} accepts connections on port ${port}.` };
  if (app.state === 'hangs')
    return { kind: 'silence', why: `${app.name} on ${instance.id} accepts connections and does not answer.` };
  return appAnswer(state, instance, app, path);
};

/** What answers at an address: an instance of ours, or a service that just listens. */
export const addressAnswer = (state: WorldState, ip: string, port: number, path: string | undefined): Answer => {
  const card = interfaceAt(state, ip);
  if (card === undefined) return { kind: 'silence', why: `No network interface has the address ${ip}.` };
  const instance = state.instances.find((one) => one.id === card.attachment?.instanceId);
  if (instance !== undefined) return instanceAnswer(state, instance, port, path);
  return card.listens.includes(port)
    ? { kind: 'status', status: 200, why: `${card.description} answers.` }
    : { kind: 'refused', why: `Nothing listens on port ${port} of ${ip}.` };
};

/** The agent works when the instance runs, has credentials, and reaches the Systems Manager endpoint. */
export const agentReachable = (state: WorldState, instance: Instance): boolean => {
  if (instance.state !== 'running' || instance.impaired || instance.booting || instance.agent === 'offline') return false;
  if (!hasRole(state, instance.profileName)) return false;
  const from = instancePlace(state, instance.id);
  if (from === undefined) return false;
  const private_ = state.endpoints.find(
    (endpoint) => endpoint.ServiceName.endsWith('.ssm') && endpoint.VpcEndpointType === 'Interface',
  );
  const inside = private_?.NetworkInterfaceIds.some((id) => walkInside(state, from, placeOf(state, id), 443).arrives) ?? false;
  return inside || walkOut(state, from, 443).arrives;
};

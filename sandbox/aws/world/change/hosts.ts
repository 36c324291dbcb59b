import { STATUS_KNOWN_AFTER_MS } from '../limits.ts';
import { terminate } from '../physics/terminate.ts';
import type { App, Instance } from '../state/compute.ts';
import { instanceOf, launchTemplateOf } from '../state/find.ts';
import { schedule } from '../state/queue.ts';
import type { WorldState } from '../state/state.ts';
import { type Act, leaveTrace, type Reversal, reversible, swap } from './reversible.ts';

const log = (state: WorldState, instance: Instance, text: string): void => {
  instance.console += `[${new Date(state.now).toISOString()}] ${text}\n`;
};

/** Breaks the application as it runs; `onDisk`: and as it will start again after a reboot. */
const onApp = (act: Act, instanceId: string, fields: Partial<App>, said: string, { onDisk = false } = {}): Reversal =>
  reversible(act, (state) => {
    const instance = instanceOf(state, instanceId);
    log(state, instance, `${instance.app.name}: ${said}`);
    const before = Object.fromEntries(Object.keys(fields).map((key) => [key, instance.app[key as keyof App]]));
    const set = (values: Partial<App>): void => {
      Object.assign(instance.app, values);
      if (onDisk && instance.shipped !== undefined) Object.assign(instance.shipped, values);
    };
    set(fields);
    return () => set(before);
  });

/** What happens to hosts and to what runs on them. */
export const createHostChanges = (act: Act) => ({
  /** The application answers everything with this status; with `healthToo: false` its health path goes on saying 200. */
  answerWith: (instanceId: string, status: number, { healthToo = true, onDisk = false } = {}): Reversal =>
    onApp(
      act,
      instanceId,
      { status, health: healthToo ? 'deep' : 200 },
      `upstream connection pool is closed, answering ${status}`,
      { onDisk },
    ),
  /** The process ends and nobody restarts it. */
  stopProcess: (instanceId: string): Reversal =>
    onApp(act, instanceId, { state: 'down' }, 'main process exited, code=exited, status=1/FAILURE'),
  /** Connections are accepted, answers do not come. */
  hang: (instanceId: string): Reversal => onApp(act, instanceId, { state: 'hangs' }, 'worker pool exhausted, 64 of 64 busy'),
  /** The host drops every packet; after a few minutes its status check says so too. */
  impair: (instanceId: string): Reversal =>
    reversible(act, (state) => {
      const instance = instanceOf(state, instanceId);
      const checkStatus = (): void => schedule(state, STATUS_KNOWN_AFTER_MS, { kind: 'instance.statusKnown', instanceId });
      log(state, instance, 'EXT4-fs error (device nvme0n1p1): remounting filesystem read-only');
      const undo = swap(instance, { impaired: true });
      checkStatus();
      return () => {
        undo();
        checkStatus();
      };
    }),
  setAgent: (instanceId: string, agent: Instance['agent']): Reversal =>
    reversible(act, (state) => swap(instanceOf(state, instanceId), { agent })),
  protectFromTermination: (instanceId: string): Reversal =>
    reversible(act, (state) => {
      leaveTrace(state, 'ec2', 'ModifyInstanceAttribute', { InstanceId: instanceId, DisableApiTermination: { Value: true } });
      return swap(instanceOf(state, instanceId), { disableApiTermination: true });
    }),
  /** By hand, in the console; there is no way back. */
  terminateInstance: (instanceId: string): void =>
    act((state) => {
      leaveTrace(state, 'ec2', 'TerminateInstances', { InstanceIds: [instanceId] });
      terminate(state, instanceOf(state, instanceId));
    }),
  announceEvent: (instanceId: string, code: Instance['events'][number]['Code'], inMs: number): Reversal =>
    reversible(act, (state) => {
      const instance = instanceOf(state, instanceId);
      const event = {
        id: `instance-event-${instanceId.slice(2)}`,
        Code: code,
        Description: 'The host needs maintenance.',
        notBefore: state.now + inMs,
      };
      return swap(instance, { events: [...instance.events, event] });
    }),
  manageBy: (instanceId: string, operator: string): Reversal =>
    reversible(act, (state) => swap(instanceOf(state, instanceId), { operator })),
  /** Every instance launched of this template version is born sick: what replaces a sick one is sick too. */
  breakVersion: (template: string, version: number, fields: Partial<App> = { status: 502 }): Reversal =>
    reversible(act, (state) => {
      const found = launchTemplateOf(state, template).versions.find((one) => one.number === version);
      if (found === undefined) throw new Error(`Launch template ${template} has no version ${version}.`);
      return swap(found.app, fields);
    }),
  /** Whatever listened at an address, a database say, listens no more. */
  silence: (ip: string): Reversal =>
    reversible(act, (state) => {
      const card = state.interfaces.find((one) => one.ip === ip);
      if (card === undefined) throw new Error(`No network interface has the address ${ip}.`);
      return swap(card, { listens: [] });
    }),
});

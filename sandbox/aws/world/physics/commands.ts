import { COMMAND_TAKES_MS } from '../limits.ts';
import type { Command, Instance } from '../state/compute.ts';
import { primaryInterface, volumesOf } from '../state/find.ts';
import { hex, uuid } from '../state/ids.ts';
import { schedule } from '../state/queue.ts';
import type { WorldState } from '../state/state.ts';
import { agentReachable } from './app.ts';

const SECOND_MS = 1_000;

const moment = (state: WorldState, agoSeconds: number): string =>
  new Date(state.now - agoSeconds * SECOND_MS).toISOString().slice(0, 19);

/** The service's last words, told from what it does to its users. The configuration it prints at start is the kind of line that redaction is for. */
const journal = (state: WorldState, { app }: Instance): readonly string[] => {
  const said = (ago: number, text: string): string => `${moment(state, ago)} ${app.name}[812]: ${text}`;
  const start = [
    said(240, `INFO starting ${app.name} ${app.version}`),
    said(239, 'DEBUG environment: PORT=8080 DB_HOST=orders-db DB_USER=shop DB_PASSWORD=correct-horse-battery-staple'),
  ];
  if (app.state === 'down')
    return [
      ...start,
      said(12, 'FATAL java.lang.OutOfMemoryError: Java heap space'),
      said(11, 'main process exited, code=exited, status=1/FAILURE'),
    ];
  if (app.state === 'hangs')
    return [...start, said(60, 'WARN worker pool exhausted, 64 of 64 busy'), said(30, 'WARN 311 requests waiting')];
  if (app.status >= 500)
    return [
      ...start,
      said(9, `ERROR GET / ${app.status}: upstream connection pool is closed`),
      said(4, `ERROR GET /health ${app.status}: upstream connection pool is closed`),
    ];
  return [...start, said(5, 'INFO GET / 200 14 ms')];
};

const unitState = ({ app }: Instance): string =>
  app.state === 'down' ? 'failed (Result: exit-code)' : `active (running), main PID 812 (${app.name})`;

const disks = (state: WorldState, { id }: Instance): readonly string[] =>
  volumesOf(state, id).map(({ sizeGib }, index) => {
    const used = index === 0 ? 41 : 63;
    return `${index === 0 ? '/' : `/data${index}`}  ${sizeGib}G  ${Math.round((sizeGib * used) / 10) / 10}G used  ${used}%`;
  });

/** What the read-only diagnostics find on the host. */
const diagnose = (state: WorldState, instance: Instance): string => {
  const { id, app } = instance;
  const listening = app.state === 'down' ? [] : [`tcp LISTEN 0 4096 0.0.0.0:${app.port} users:(("${app.name}",pid=812,fd=9))`];
  return [
    `== host ${id} ${primaryInterface(state, id)?.ip ?? ''} at ${moment(state, 0)}Z`,
    `== systemctl status ${app.name}`,
    `${app.name}.service - ${app.name} ${app.version}`,
    `   Active: ${unitState(instance)}`,
    '== ss -ltnp',
    'tcp LISTEN 0 128 0.0.0.0:22 users:(("sshd",pid=501,fd=3))',
    ...listening,
    `== journalctl -u ${app.name} -n 50`,
    ...journal(state, instance),
    '== free -m',
    `Mem: 3891 total, ${app.state === 'hangs' ? 3790 : 1720} used`,
    '== df -h',
    ...disks(state, instance),
    '== uptime',
    `load average: ${app.state === 'hangs' ? '9.81, 9.40, 8.77' : '0.31, 0.28, 0.22'}`,
    `== dmesg | tail (boot ${hex(state, 8)})`,
    instance.impaired ? 'EXT4-fs error (device nvme0n1p1): remounting filesystem read-only' : 'no errors',
  ].join('\n');
};

export type CommandRequest = {
  readonly document: string;
  readonly comment: string;
  readonly timeoutSeconds: number;
  /** Several instances share one command. */
  readonly id?: string;
};

/** Delivered at once when the agent is there; else it waits for the agent until its time is up. */
export const sendCommand = (state: WorldState, instance: Instance, request: CommandRequest): Command => {
  const { document, comment, timeoutSeconds, id = uuid(state) } = request;
  const command: Command = {
    id,
    document,
    comment,
    timeoutSeconds,
    instanceId: instance.id,
    requestedAt: state.now,
    status: 'InProgress',
    output: '',
  };
  state.commands.push(command);
  const prompt = instance.agent === 'online' && agentReachable(state, instance);
  schedule(state, prompt ? COMMAND_TAKES_MS : timeoutSeconds * SECOND_MS, {
    kind: 'command.ends',
    commandId: id,
    instanceId: instance.id,
  });
  return command;
};

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html */
const endingOf = (state: WorldState, instance: Instance | undefined): Command['status'] => {
  if (instance === undefined || instance.state !== 'running') return 'Undeliverable';
  if (!agentReachable(state, instance)) return 'DeliveryTimedOut';
  return instance.agent === 'hangs' ? 'ExecutionTimedOut' : 'Success';
};

export const endCommand = (state: WorldState, commandId: string, instanceId: string): void => {
  const command = state.commands.find((one) => one.id === commandId && one.instanceId === instanceId);
  if (command === undefined || command.status !== 'InProgress') return;
  const instance = state.instances.find((one) => one.id === instanceId);
  command.endsAt = state.now;
  command.status = endingOf(state, instance);
  if (command.status === 'Success' && instance !== undefined) command.output = diagnose(state, instance);
};

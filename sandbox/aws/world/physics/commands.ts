import { COMMAND_TAKES_MS } from '../limits.ts';
import type { Command, Instance } from '../state/compute.ts';
import { uuid } from '../state/ids.ts';
import { schedule } from '../state/queue.ts';
import type { WorldState } from '../state/state.ts';

/** What the read-only diagnostics find on the host, told from what the application does. */
const diagnose = (state: WorldState, { id, app, console, impaired }: Instance): string =>
  [
    `== host ${id} at ${new Date(state.now).toISOString()}`,
    `== systemctl status ${app.name}`,
    `${app.name}.service - ${app.name} ${app.version}`,
    app.state === 'down' ? '   Active: failed (Result: exit-code)' : '   Active: active (running)',
    '== ss -ltn',
    ...(app.state === 'down' ? [] : [`LISTEN 0 4096 0.0.0.0:${app.port}`]),
    `== journalctl -u ${app.name} -n 3`,
    app.state === 'hangs'
      ? 'WARN  worker pool exhausted, 64 of 64 busy'
      : app.status >= 500
        ? `ERROR request failed with ${app.status}: upstream connection pool is closed`
        : 'INFO  request completed with 200',
    ...(impaired ? ['== dmesg', 'EXT4-fs error: remounting filesystem read-only'] : []),
    '== console',
    console.trimEnd(),
  ].join('\n');

export const sendCommand = (
  state: WorldState,
  instance: Instance,
  document: string,
  comment: string,
  timeoutMs: number,
  /** Several instances share one command. */
  id: string = uuid(state),
): Command => {
  const command: Command = {
    id,
    document,
    comment,
    instanceId: instance.id,
    requestedAt: state.now,
    status: 'InProgress',
    output: '',
  };
  state.commands.push(command);
  schedule(state, instance.agent === 'hangs' ? timeoutMs : COMMAND_TAKES_MS, {
    kind: 'command.ends',
    commandId: command.id,
    instanceId: instance.id,
  });
  return command;
};

export const endCommand = (state: WorldState, commandId: string, instanceId: string): void => {
  const command = state.commands.find((one) => one.id === commandId && one.instanceId === instanceId);
  if (command === undefined || command.status !== 'InProgress') return;
  const instance = state.instances.find((one) => one.id === instanceId);
  command.endsAt = state.now;
  const answers = instance?.state === 'running' && !instance.impaired && instance.agent === 'online';
  command.status = answers ? 'Success' : instance?.agent === 'hangs' ? 'TimedOut' : 'Undeliverable';
  if (answers) command.output = diagnose(state, instance);
};

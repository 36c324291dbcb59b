import type { KnownBlock, ModalView } from '@slack/types';
import { type Incident, incidentName } from '../../incident/state.ts';
import type { ChatMessage } from '../../ports.ts';
import type { Catalogue } from '../../runbook/catalogue.ts';
import { type RoleId, roleId } from '../../runbook/response.ts';
import { person, typed } from '../escape.ts';
import { actions, button, input, message, modal, option, section } from './blocks.ts';
import { roleTitle, type ViewContext } from './words.ts';

export const HANDOVER = { role: 'role', to: 'to' } as const;

/** Who holds what, and a button for each thing that can be done about it. */
export const rolesModal = (incident: Incident, { catalogue }: Pick<ViewContext, 'catalogue'>): ModalView =>
  modal(
    'roles',
    { incident: incident.number, ...(incident.channel !== undefined && { channelId: incident.channel.id }) },
    {
      title: 'Roles',
      blocks: roleId.options.flatMap((role) => roleBlocks(incident, catalogue, role)),
    },
  );

const roleBlocks = (incident: Incident, catalogue: Catalogue, role: RoleId): readonly KnownBlock[] => {
  const title = roleTitle(catalogue, role);
  const held = incident.roles[role];
  const proposed = incident.proposed[role];
  const value = { incident: incident.number, role };
  const hint =
    held === undefined && proposed !== undefined ? ` (proposed: ${person(proposed.userId)}, ${typed(proposed.why, 60)})` : '';
  return [
    section(`*${typed(title, 60)}* ${held === undefined ? `– nobody yet${hint}` : person(held.userId)}`),
    ...actions([
      button('Take it', 'take-role', value, { nth: role, says: `Take ${title}` }),
      button('Hand to…', 'assign-role', value, { nth: role, says: `Hand ${title} to somebody` }),
      ...(held === undefined ? [] : [button('Release', 'release-role', value, { nth: role, says: `Release ${title}` })]),
    ]),
  ];
};

/** Somebody else takes over a role; the one who hands over says which. */
export const handoverModal = (
  incidentNumber: number,
  { catalogue }: Pick<ViewContext, 'catalogue'>,
  given: { readonly role?: RoleId | undefined; readonly channelId?: string | undefined } = {},
): ModalView => {
  const options = roleId.options.map((role) => option(roleTitle(catalogue, role), role));
  const initial = options.find(({ value }) => value === given.role);
  const metadata = {
    incident: incidentNumber,
    ...(given.channelId !== undefined && { channelId: given.channelId }),
    ...(given.role !== undefined && { role: given.role }),
  };
  return modal('handover', metadata, {
    title: 'Hand over',
    submit: 'Hand over',
    close: 'Cancel',
    blocks: [
      input(HANDOVER.role, 'Role', { type: 'static_select', options, ...(initial !== undefined && { initial_option: initial }) }),
      input(HANDOVER.to, 'To whom', { type: 'users_select' }, { hint: 'They get the duties of the role by direct message.' }),
    ],
  });
};

/** Sent privately to whoever takes a role: under pressure nobody looks duties up. */
export const roleDuties = (
  role: RoleId,
  incident: Incident,
  { catalogue, commandName }: Pick<ViewContext, 'catalogue' | 'commandName'>,
): ChatMessage => {
  const title = roleTitle(catalogue, role);
  const channel = incident.channel === undefined ? incidentName(incident.number) : `<#${incident.channel.id}>`;
  const text = `You are ${typed(title, 60)} of ${channel}: ${typed(incident.title, 150)}`;
  return message(text, [
    section(`*${text}*`),
    section((catalogue.response.roles[role]?.duties ?? []).map((duty) => `• ${typed(duty, 300)}`)),
    section(`Too much, or off duty? In the channel: \`${commandName} handover ${role} @somebody\``),
  ]);
};

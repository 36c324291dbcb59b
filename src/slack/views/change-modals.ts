import type { ModalView } from '@slack/types';
import { type Status, status } from '../../incident/events.ts';
import type { Catalogue } from '../../runbook/catalogue.ts';
import { type Severity, severity } from '../../runbook/response.ts';
import { input, modal, option, textInput } from './blocks.ts';
import { severityWord, statusWord } from './words.ts';

export const CHANGE = { to: 'to', reason: 'reason', text: 'text' } as const;
const REASON_CHARACTERS_MAX = 500;

type Place = { readonly incident: number; readonly channelId?: string | undefined };
const placed = ({ incident, channelId }: Place) => ({ incident, ...(channelId !== undefined && { channelId }) });

const MEANS: Readonly<Record<Status, string>> = {
  investigating: 'The cause is not known',
  identified: 'The cause is known, users are still hit',
  mitigated: 'Users are served again, cause maybe unknown',
  resolved: 'Over, and it will stay so',
  closed: 'Learnt from, and filed',
};
const ASKS: Readonly<Partial<Record<Status, string>>> = {
  mitigated: 'What made it better',
  resolved: 'What was wrong, and what ended it',
  investigating: 'Why it is open again',
};

export const statusModal = (place: Place, to?: Status): ModalView => {
  const options = status.options.map((id) => option(statusWord(id), id, MEANS[id]));
  const initial = options.find(({ value }) => value === to);
  return modal(
    'status',
    { ...placed(place), ...(to !== undefined && { to }) },
    {
      title: to === undefined ? 'Change the status' : statusWord(to),
      submit: 'Change',
      close: 'Cancel',
      blocks: [
        ...(to === undefined || initial === undefined ? [input(CHANGE.to, 'To', { type: 'static_select', options })] : []),
        input(CHANGE.reason, (to && ASKS[to]) ?? 'Why', textInput({ multiline: true, max: REASON_CHARACTERS_MAX })),
      ],
    },
  );
};

export const severityModal = ({ response }: Catalogue, place: Place, to?: Severity): ModalView => {
  const options = severity.options.map((id) =>
    option(`${severityWord(id)}: ${response.severities[id].title}`, id, response.severities[id].means),
  );
  const initial = options.find(({ value }) => value === to);
  return modal(
    'severity',
    { ...placed(place), ...(to !== undefined && { to }) },
    {
      title: 'Change the severity',
      submit: 'Change',
      close: 'Cancel',
      blocks: [
        input(CHANGE.to, 'To', { type: 'static_select', options, ...(initial !== undefined && { initial_option: initial }) }),
        input(CHANGE.reason, 'Why', textInput({ multiline: true, max: REASON_CHARACTERS_MAX })),
      ],
    },
  );
};

const UPDATE_CHARACTERS_MAX = 2_000;
export const updateModal = (place: Place): ModalView =>
  modal('update', placed(place), {
    title: 'Post an update',
    submit: 'Post',
    close: 'Cancel',
    blocks: [
      input(CHANGE.text, 'For everyone who waits', textInput({ multiline: true, max: UPDATE_CHARACTERS_MAX }), {
        hint: 'What is broken, for whom, what is being done, and when they hear again.',
      }),
    ],
  });

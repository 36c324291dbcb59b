import type { ModalView } from '@slack/types';
import type { Catalogue } from '../../runbook/catalogue.ts';
import { type Severity, severity } from '../../runbook/response.ts';
import { OPTIONS_MAX } from '../limits.ts';
import { context, input, modal, option, plainText, textInput } from './blocks.ts';
import { severityWord } from './words.ts';

export const DECLARE = { title: 'title', severity: 'severity', service: 'service', drill: 'drill' } as const;
export const TITLE_CHARACTERS_MAX = 200;
/** When nobody says how bad it is: bad enough to act now, and lowered with a word. */
export const DEFAULT_SEVERITY: Severity = 'sev2';

export const declareModal = (
  { response, services }: Catalogue,
  place: { readonly channelId?: string | undefined },
  given: { readonly title?: string; readonly severity?: Severity; readonly serviceId?: string } = {},
): ModalView => {
  const severities = severity.options.map((id) =>
    option(`${severityWord(id)}: ${response.severities[id].title}`, id, response.severities[id].means),
  );
  const known = services.slice(0, OPTIONS_MAX).map(({ id, name }) => option(name, id));
  const chosen = known.find(({ value }) => value === (given.serviceId ?? services[0]?.id));
  const wanted = severities.find(({ value }) => value === (given.severity ?? DEFAULT_SEVERITY));
  return modal(
    'declare',
    { ...(place.channelId !== undefined && { channelId: place.channelId }) },
    {
      title: 'Open an incident',
      submit: 'Open',
      close: 'Cancel',
      blocks: [
        input(
          DECLARE.title,
          'What is broken',
          textInput({
            max: TITLE_CHARACTERS_MAX,
            placeholder: 'Checkout returns 502',
            ...(given.title !== undefined && { initial: given.title }),
          }),
        ),
        input(DECLARE.severity, 'How bad is it', {
          type: 'static_select',
          options: severities,
          ...(wanted !== undefined && { initial_option: wanted }),
        }),
        ...(known.length === 0
          ? []
          : [
              input(
                DECLARE.service,
                'Which service',
                {
                  type: 'static_select',
                  placeholder: plainText('Not known yet', 150),
                  options: known,
                  ...(chosen !== undefined && known.length === 1 && { initial_option: chosen }),
                },
                { optional: true },
              ),
            ]),
        input(
          DECLARE.drill,
          'Exercise',
          { type: 'checkboxes', options: [option('This is a drill', 'drill')] },
          { optional: true },
        ),
        context('A wrong guess costs nothing: all of it can be changed later.'),
      ],
    },
  );
};

import { defineSubcommand } from '../define-subcommand.ts';
import { DEFAULT_SEVERITY, declareModal } from '../views/declare.ts';
import { sentence, severityOf, type Words, words } from '../words.ts';

/** Severity and service may stand anywhere before the title's end; the rest is the title. */
const read = (given: Words) => {
  const first = given[0] ?? '';
  const split = /^(sev|severity)$/i.test(first) && severityOf(given[1]) !== undefined;
  const severity = split ? severityOf(given[1]) : /^(?:sev|p)/i.test(first) ? severityOf(first) : undefined;
  const rest = given.slice(severity === undefined ? 0 : split ? 2 : 1);
  const service = rest.find((word) => /^service[:=]\S+$/i.test(word));
  const drill = rest.find((word) => /^--?drill$/i.test(word));
  return {
    severity,
    serviceId: service?.replace(/^service[:=]/i, '').toLowerCase(),
    drill: drill !== undefined,
    title: sentence(rest.filter((word) => word !== service && word !== drill)),
  };
};

export const start = defineSubcommand({
  name: 'start',
  aliases: ['new', 'open', 'declare'],
  usage: ['start [sev1|sev2|sev3|sev4] [service:<id>] [--drill] <what is broken>', 'start'],
  summary: 'Open an incident: channel, headline, checklist, quick fixes. Without words it asks.',
  where: 'anywhere',
  args: words.transform(read),
  examples: [
    {
      typed: 'sev2 Checkout returns 502',
      gives: 'enqueue',
      with: { kind: 'declare', severity: 'sev2', title: 'Checkout returns 502', sourceChannelId: 'C0SHOP', drill: false },
    },
    { typed: 'SEV-1  “Checkout is down”', gives: 'enqueue', with: { severity: 'sev1', title: 'Checkout is down' } },
    { typed: 'sev 3 slow search', gives: 'enqueue', with: { severity: 'sev3', title: 'slow search' } },
    { typed: 'Checkout returns 502', gives: 'enqueue', with: { severity: 'sev2', title: 'Checkout returns 502' } },
    { typed: '502 from the shop', gives: 'enqueue', with: { severity: 'sev2', title: '502 from the shop' } },
    { typed: 'sev1 service:shop all down', gives: 'enqueue', with: { serviceId: 'shop', title: 'all down' } },
    { typed: 'sev3 --drill Exercise of May', gives: 'enqueue', with: { drill: true, title: 'Exercise of May' } },
    { typed: 'sev1 service:nope all down', gives: 'show-usage' },
    { typed: '', gives: 'open' },
    { typed: 'sev1', gives: 'open' },
  ],
  run: ({ severity, serviceId, drill, title }, { catalogue, requestId, userId, channelId, reply }) => {
    const known = catalogue.services.map(({ id }) => id);
    if (serviceId !== undefined && !known.includes(serviceId))
      return { do: 'show-usage', why: `There is no service "${serviceId}". Known: ${known.join(', ') || 'none'}.` };
    if (title === '') {
      const given = { ...(severity !== undefined && { severity }), ...(serviceId !== undefined && { serviceId }) };
      return { do: 'open', view: declareModal(catalogue, { channelId }, given) };
    }
    return {
      do: 'enqueue',
      said: 'Opening the incident. You are invited to its channel in a moment.',
      work: {
        kind: 'declare',
        id: requestId,
        by: userId,
        reply,
        title,
        severity: severity ?? DEFAULT_SEVERITY,
        sourceChannelId: channelId,
        drill,
        ...(serviceId !== undefined && { serviceId }),
      },
    };
  },
});

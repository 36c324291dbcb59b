import { expect, it } from 'vitest';
import { symptomList } from '../../src/runbook/symptoms.ts';
import { checklist } from '../../src/slack/views/checklist.ts';
import { decoded } from '../../src/slack/views/decoded.ts';
import { catalogue, incident, view } from './kit.ts';

const items = catalogue.checklist.items;
const symptoms = symptomList.parse({
  symptoms: [
    {
      id: 'empty-reply',
      says: 'curl',
      patterns: ['empty reply from server'],
      means: 'the server closed the connection without an answer',
      causes: items.slice(0, 2).map(({ id }, index) => ({ item: id, because: `cause number ${index + 1}` })),
      source: 'https://curl.se/libcurl/c/libcurl-errors.html',
    },
  ],
}).symptoms;
const known = { ...view, catalogue: { ...catalogue, symptoms } };
const TEXT = 'curl: (52) Empty reply from server';

it('says what an error means, its causes in order, and where to look', () => {
  const { text, blocks } = decoded(incident(), TEXT, known);
  expect(text).toContain('the server closed the connection without an answer');
  const shown = JSON.stringify(blocks);
  expect(shown.indexOf('cause number 1')).toBeGreaterThan(-1);
  expect(shown.indexOf('cause number 2')).toBeGreaterThan(shown.indexOf('cause number 1'));
  expect(shown).toContain(items[0]?.title);
});

it('says that nothing is known of words that are no error message, and keeps them all the same', () => {
  expect(decoded(incident(), 'it is slow', { ...view, catalogue: { ...catalogue, symptoms: [] } }).text).toMatch(/^Kept\./);
});

it('the checklist says where the symptoms point to, until that is answered', () => {
  const symptom = { text: TEXT, points: [], by: 'U1', at: '2026-01-05T14:00:00.000Z' };
  const pointing = JSON.stringify(checklist(incident({ symptoms: [symptom] }), known).blocks);
  expect(pointing).toContain('The symptoms point to');
  expect(pointing).toContain('cause number 1');
});

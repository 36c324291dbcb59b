/**
 * Emoji on the screen. Those that say a state are drawn by the page, so that 🔴 and 🟢 look alike on every machine,
 * also on one that has no emoji font.
 */
import { EMOJI, emojiName } from './emoji-names.ts';
import { h, type VElement } from './vdom.ts';

type Shape =
  | { readonly d: string; readonly fill: string }
  | { readonly r: number; readonly fill: string; readonly ring?: string };

const disc = (fill: string, ring?: string): readonly Shape[] => [{ r: 8.5, fill, ...(ring ? { ring } : {}) }];
const CHECK = 'M5.2 10.4l1.7-1.7 2.300 2.300 5-5.200 1.700 1.600-6.700 7z';
const CROSS =
  'M5.400 3.800 10 8.400l4.600-4.600 1.600 1.600L11.600 10l4.600 4.600-1.600 1.600L10 11.600l-4.600 4.600-1.600-1.600L8.400 10 3.800 5.400z';
const GLASS_FRAME =
  'M4.500 2h11v2h-1.200c0 2.900-1.500 4.700-2.900 6 1.400 1.300 2.900 3.100 2.900 6h1.200v2h-11v-2h1.200c0-2.900 1.500-4.700 2.900-6C7.200 8.700 5.700 6.900 5.700 4H4.500z';
const SAND =
  'M7.300 5h5.400c-.2 1.700-1.200 2.900-2.700 4.200C8.500 7.900 7.500 6.700 7.300 5zm2.700 6.500c1.500 1.200 2.300 2.400 2.600 4H7.400c.3-1.600 1.100-2.800 2.600-4z';

/** On a grid of 20 by 20. */
const DRAWN: Readonly<Record<string, readonly Shape[]>> = {
  red_circle: disc('#d92d20'),
  large_green_circle: disc('#1d9a50'),
  large_yellow_circle: disc('#f2b91b'),
  large_orange_circle: disc('#ee7a1a'),
  large_blue_circle: disc('#2472d6'),
  large_purple_circle: disc('#8a4fd0'),
  white_circle: disc('#f4f5f6', '#8c949c'),
  black_circle: disc('#24282d', '#8c949c'),
  hourglass_flowing_sand: [
    { d: GLASS_FRAME, fill: '#8a6a4a' },
    { d: SAND, fill: '#f6c667' },
  ],
  hourglass: [
    { d: GLASS_FRAME, fill: '#8a6a4a' },
    { d: SAND, fill: '#f6c667' },
  ],
  white_check_mark: [
    {
      d: 'M4 1.500h12A2.500 2.500 0 0 1 18.500 4v12a2.500 2.500 0 0 1-2.500 2.500H4A2.500 2.500 0 0 1 1.500 16V4A2.500 2.500 0 0 1 4 1.500z',
      fill: '#1d9a50',
    },
    { d: CHECK, fill: '#fff' },
  ],
  heavy_check_mark: [{ d: CHECK, fill: 'currentColor' }],
  x: [{ d: CROSS, fill: '#d92d20' }],
  warning: [
    { d: 'M10 1.800 19 17.800H1z', fill: '#f2b91b' },
    { d: 'M9 7h2l-.3 5.500H9.300zM9 13.800h2v2H9z', fill: '#24282d' },
  ],
  no_entry: [...disc('#d92d20'), { d: 'M4.500 8.600h11v2.800h-11z', fill: '#fff' }],
  no_entry_sign: [
    ...disc('#d92d20'),
    { r: 5.8, fill: '#f4f5f6' },
    { d: 'M4.600 6l1.400-1.400 9.400 9.400-1.400 1.400z', fill: '#d92d20' },
  ],
  octagonal_sign: [{ d: 'M6.500 1.500h7l5 5v7l-5 5h-7l-5-5v-7z', fill: '#d92d20' }],
  fire: [
    {
      d: 'M10.300 1c.5 2.800 5.700 5.200 5.700 10.500a6 6 0 0 1-12 0c0-2.400 1.100-4.200 2.600-5.600.2 1.500.8 2.500 1.600 2.900C8 5.600 8.800 2.900 10.300 1z',
      fill: '#ee6a1a',
    },
    {
      d: 'M10 9.500c1.700 1.600 2.800 2.800 2.800 4.600a2.800 2.800 0 0 1-5.600 0c0-1.800 1.200-2.700 2.800-4.600z',
      fill: '#fbd15b',
    },
  ],
  rotating_light: [
    { d: 'M5 15V9.500a5 5 0 0 1 10 0V15z', fill: '#d92d20' },
    { d: 'M3.500 15h13v3.500h-13z', fill: '#6b7480' },
    {
      d: 'M9.200 0h1.600v2.800H9.200zM2 3.200l1.200-1 1.800 2.100-1.200 1zM18 3.200l-1.200-1L15 4.300l1.200 1z',
      fill: '#f2b91b',
    },
  ],
  pushpin: [
    {
      d: 'M12.500 1.500l6 6-1.600.7-.6-.2-3.300 3.300.2 2.700-1.500 1.500-3.500-3.500-5 5-1.200.4.4-1.200 5-5L4 7.800l1.500-1.500 2.700.2L11.500 3l-.2-.6z',
      fill: '#d92d20',
    },
  ],
  lock: [
    { d: 'M5.500 8V6.500a4.500 4.500 0 0 1 9 0V8h-2.200V6.500a2.300 2.300 0 0 0-4.600 0V8z', fill: '#8c949c' },
    { d: 'M3.500 8h13v10.500h-13z', fill: '#e0a526' },
    { d: 'M9 11.500h2V15H9z', fill: '#24282d' },
  ],
  eyes: [
    {
      d: 'M5.500 4.500c2 0 3.500 2.500 3.500 5.500s-1.500 5.500-3.500 5.500S2 13 2 10s1.500-5.500 3.500-5.500zm9 0c2 0 3.500 2.500 3.500 5.500s-1.500 5.500-3.500 5.500S11 13 11 10s1.500-5.500 3.500-5.500z',
      fill: '#dfe3e7',
    },
    {
      d: 'M5 7.500c1.100 0 2 1.100 2 2.500s-.9 2.500-2 2.500-2-1.100-2-2.500.9-2.500 2-2.500zm9 0c1.100 0 2 1.100 2 2.500s-.9 2.500-2 2.500-2-1.100-2-2.500.9-2.500 2-2.500z',
      fill: '#24282d',
    },
  ],
  black_right_pointing_double_triangle_with_vertical_bar: [
    {
      d: 'M3 1.500h14A1.500 1.500 0 0 1 18.500 3v14a1.500 1.500 0 0 1-1.500 1.500H3A1.500 1.500 0 0 1 1.500 17V3A1.500 1.500 0 0 1 3 1.500z',
      fill: '#2472d6',
    },
    { d: 'M4 5.500 9 10l-5 4.500zm5 0 5 4.500-5 4.500zm5.200 0H16v9h-1.800z', fill: '#fff' },
  ],
  information_source: [...disc('#2472d6'), { d: 'M9 8.500h2V15H9zM9 5h2v2H9z', fill: '#fff' }],
};

const drawShape = (shape: Shape): VElement =>
  'd' in shape
    ? h('path', { attrs: { d: shape.d, fill: shape.fill } })
    : h('circle', {
        attrs: { cx: 10, cy: 10, r: shape.r, fill: shape.fill, stroke: shape.ring, 'stroke-width': shape.ring ? 1.2 : undefined },
      });

/** One emoji by its Slack name or as its character; a name that nobody knows stays the text `:name:`. */
export function emojiNode(emoji: { readonly name: string } | { readonly character: string }): VElement {
  const name = 'name' in emoji ? emoji.name : (emojiName(emoji.character) ?? '');
  const character = 'name' in emoji ? EMOJI.get(emoji.name) : emoji.character;
  if (!character) return h('span', {}, `:${name}:`);
  const label = name ? name.replaceAll('_', ' ') : character;
  const shapes = DRAWN[emojiName(character) ?? name] ?? DRAWN[name];
  const attrs = { role: 'img', 'aria-label': label, title: name ? `:${name}:` : undefined };
  if (!shapes) return h('span.emoji', { attrs }, character);
  const picture = h('svg', { attrs: { viewBox: '0 0 20 20', 'aria-hidden': 'true', focusable: 'false' } }, shapes.map(drawShape));
  return h('span.emoji.drawn', { attrs }, picture, h('span.emoji-character', { attrs: { 'aria-hidden': 'true' } }, character));
}

/** What the reaction menu offers, the ones that mean something to an incident first. */
export const REACTION_CHOICES = [
  'pushpin',
  'eyes',
  'white_check_mark',
  '+1',
  '-1',
  'raised_hand',
  'pray',
  'tada',
  'fire',
  'warning',
  'thinking_face',
  'heart',
  'rocket',
  'hourglass_flowing_sand',
  'x',
  'question',
] as const;

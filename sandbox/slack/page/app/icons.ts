/** The page's own signs, drawn: a machine without an emoji font shows them too. On a grid of 20 by 20. */
import { h, type VElement } from './vdom.ts';

const PATHS = {
  people:
    'M7.500 9.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 16.500c0-3 2.500-4.800 5.500-4.800s5.500 1.800 5.500 4.800M13 9.300a2.600 2.600 0 1 0-.4-5.100M14.500 11.900c2.100.5 3.500 2 3.500 4.600',
  page: 'M5 2.500h6.500L15.500 6.500v11h-10.500zM11.500 2.500v4h4M7.500 10.500h5.500M7.500 13.500h5.500',
  smile:
    'M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM7 11.800c.7 1.300 1.700 1.900 3 1.900s2.300-.6 3-1.900M7.500 7.500v1M12.500 7.500v1',
  reply: 'M7.500 5 3.500 9l4 4M3.500 9h8a5 5 0 0 1 5 5v1.500',
  more: 'M4.500 10h.01M10 10h.01M15.500 10h.01',
  close: 'M5 5l10 10M15 5 5 15',
  plus: 'M10 4v12M4 10h12',
  menu: 'M3.500 5.500h13M3.500 10h13M3.500 14.500h13',
  home: 'M3 9.500 10 3.500l7 6M5 8.500V16.500h10V8.500M8.500 16.500v-4.500h3v4.500',
  pin: 'M7.500 3h5M8.500 3v5.500L6 11.500h8L11.500 8.500V3M10 11.500V17',
  send: 'M3 3.500 17 10 3 16.500 5 10zM5 10h6',
} as const;

/** Says nothing: what it stands for is the name of the control around it. */
export const icon = (name: keyof typeof PATHS): VElement =>
  h(
    'svg.icon',
    { attrs: { viewBox: '0 0 20 20', 'aria-hidden': 'true', focusable: 'false' } },
    h('path', {
      attrs: {
        d: PATHS[name],
        fill: 'none',
        stroke: 'currentColor',
        'stroke-width': name === 'more' ? 2.4 : 1.6,
        'stroke-linecap': 'round',
        'stroke-linejoin': 'round',
      },
    }),
  );

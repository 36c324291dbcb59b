/** A person's square: initials on their colour; an app has a flame. */
import type { PageUser } from '../../page-api.ts';
import { h, type VElement } from './vdom.ts';

const FLAME =
  'M10 2.500c3.400 3.500 5.200 6 5.200 8.900a5.200 5.200 0 0 1-10.400 0c0-1.900.9-3.300 2.100-4.400.3 1.300.9 2.100 1.700 2.400C7.300 7.100 8.700 4.500 10 2.500z';

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => word[0] ?? '')
    .slice(0, 2)
    .join('')
    .toUpperCase();

/** The name stands beside it, so that it need not be said twice. */
export function avatarNode(user: PageUser | undefined, className = ''): VElement {
  const attrs = {
    'aria-hidden': 'true',
    style: user ? `background-color: #${user.color.replace(/[^0-9a-f]/gi, '')}` : undefined,
  };
  if (!user?.isBot) return h('span.avatar', { class: className, attrs }, initials(user?.realName ?? 'Slackbot'));
  const flame = h(
    'svg',
    { attrs: { viewBox: '0 0 20 20', focusable: 'false' } },
    h('path', { attrs: { d: FLAME, fill: 'currentColor' } }),
  );
  return h('span.avatar.avatar-app', { class: className, attrs }, flame);
}

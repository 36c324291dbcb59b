/** Text that anyone may write, onto a screen that everyone trusts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markdownNodes, mrkdwnNodes } from '../../../sandbox/slack/page/app/inline.ts';
import { isSafeUrl, parseMrkdwn, unescapeText } from '../../../sandbox/slack/page/app/mrkdwn.ts';
import { findAll, textOf, type VElement } from '../../../sandbox/slack/page/app/vdom.ts';
import { attr, byTag, drawing, tree } from './kit.ts';

/** A tree in one line: `<strong>…</strong>`, so that a table of cases can be read. */
const shown = (node: VElement): string => {
  const inner = node.children.map((child) => (typeof child === 'string' ? child : shown(child))).join('');
  if (node.tag === 'svg' || node.props.class?.includes('emoji-character')) return '';
  if (node.tag === 'br') return '⏎';
  if (node.tag === 'a') return `<a ${String(attr(node, 'href'))}>${inner}</a>`;
  if (node.props.class?.includes('emoji')) return `{${String(attr(node, 'aria-label'))}}`;
  return node.tag === 'div' ? inner : `<${node.tag}>${inner}</${node.tag}>`;
};
const mrkdwn = (text: string): string => shown(tree(mrkdwnNodes(text, drawing().draw)));
const markdown = (text: string): string => shown(tree(markdownNodes(text, drawing().draw)));

describe('mrkdwn', () => {
  it.each([
    ['*bold* _italic_ ~struck~ `code`', '<p><strong>bold</strong> <em>italic</em> <s>struck</s> <code>code</code></p>'],
    ['*bold with _italic_ in it*', '<p><strong>bold with <em>italic</em> in it</strong></p>'],
    ['snake_case_name and 2*3*4', '<p>snake_case_name and 2*3*4</p>'],
    ['`*not bold*`', '<p><code>*not bold*</code></p>'],
    ['one\ntwo', '<p>one⏎two</p>'],
    ['before\n> quoted\nafter', '<p>before</p><blockquote>quoted</blockquote><p>after</p>'],
    ['>>> all\nof it', '<blockquote>all⏎of it</blockquote>'],
    ['```\na <b>\n```', '<pre>a b</pre>'],
    ['<https://a.example/x?a=1&amp;b=2|the shop>', '<p><a https://a.example/x?a=1&b=2>the shop</a></p>'],
    ['see https://a.example/x.', '<p>see <a https://a.example/x>https://a.example/x</a>.</p>'],
    ['<@U0BEN> in <#C0SHOP>', '<p><span>@ben</span> in <button>#shop</button></p>'],
    ['<@U0GONE|zoe> <#C0GONE|old>', '<p><span>@zoe</span> <span>#old</span></p>'],
    ['<!here> <!channel|channel>', '<p><span>@here</span> <span>@channel</span></p>'],
    [':red_circle: down', '<p>{red circle} down</p>'],
    [':no_such_emoji: 10:30:00', '<p>:no_such_emoji: 10:30:00</p>'],
    ['&lt;!channel&gt; &amp;amp;', '<p><!channel> &amp;</p>'],
  ])('%j', (text, expected) => expect(mrkdwn(text)).toBe(expected));

  it.each([
    ['<!date^1767621600^{time}|14:00>', '14:00'],
    ['<!date^1767621600^{date_short_pretty} at {time}|x>', 'Today at 14:00'],
    ['<!date^1767535200^since {date_pretty}|x>', 'since yesterday'],
    ['<!date^1767621480^{ago}|x>', '2 minutes ago'],
    ['<!date^soon^{time}|in a while>', 'in a while'],
  ])('%j is a moment', (text, expected) => expect(textOf(tree(mrkdwnNodes(text, drawing().draw)))).toBe(expected));

  it('marks a mention of the one who reads', () => {
    const [ana, ben] = byTag(tree(mrkdwnNodes('<@U0ANA> <@U0BEN>', drawing().draw)), 'span');
    expect(ana?.props.class).toContain('mention-me');
    expect(ben?.props.class).not.toContain('mention-me');
  });
});

describe('the markdown block', () => {
  it.each([
    ['# Title\n\ntext **bold** *it* `c`', '<h3>Title</h3><p>text <strong>bold</strong> <em>it</em> <code>c</code></p>'],
    ['- one\n- two', '<ul><li>one</li><li>two</li></ul>'],
    ['1. one\n2. two', '<ol><li>one</li><li>two</li></ol>'],
    ['[shop](https://a.example)', '<p><a https://a.example>shop</a></p>'],
    ['> said\n> twice', '<blockquote>said⏎twice</blockquote>'],
    ['---', '<hr></hr>'],
    [
      '| A | B |\n|---|---|\n| 1 | 2 |',
      '<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>',
    ],
    ['```sh\ncurl -v\n```', '<pre>curl -v</pre>'],
  ])('%j', (text, expected) => expect(markdown(text)).toBe(expected));
});

describe('injection', () => {
  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<javascript:alert(1)|click>',
    '<JaVaScRiPt:alert(1)>',
    '<data:text/html,<script>alert(1)</script>|x>',
    '[x](javascript:alert(1))',
    '<!date^1^{time}^javascript:alert(1)|x>',
    '<https://a.example|<script>>',
  ])('%s stays text', (text) => {
    for (const nodes of [mrkdwnNodes(text, drawing().draw), markdownNodes(text, drawing().draw)]) {
      const all = findAll(tree(nodes), () => true);
      expect(all.map(({ tag }) => tag)).not.toContain('script');
      expect(all.map(({ tag }) => tag)).not.toContain('img');
      for (const link of all.filter(({ tag }) => tag === 'a')) expect(attr(link, 'href')).toMatch(/^https?:\/\/|^mailto:/);
    }
  });

  const anyText = fc.oneof(
    fc.string(),
    fc
      .array(
        fc.constantFrom(
          '<',
          '>',
          '|',
          '*',
          '_',
          '~',
          '`',
          '```',
          '@U0ANA',
          '!here',
          '!date^1^',
          'https://a.b',
          ':x:',
          '&lt;',
          '\n',
          ' ',
          'a',
          'javascript:',
          '[',
          '](',
          ')',
        ),
        { maxLength: 30 },
      )
      .map((parts) => parts.join('')),
  );

  it('no text at all makes an unsafe link, an unknown element or an exception', () => {
    const allowed = new Set(
      'div p br strong em s code a span button time pre blockquote svg path circle ul ol li hr table thead tbody tr th td h3 h4 h5 h6'.split(
        ' ',
      ),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        const { draw } = drawing();
        for (const node of findAll(tree(mrkdwnNodes(text, draw), markdownNodes(text, draw)), () => true)) {
          expect(allowed).toContain(node.tag);
          if (node.tag === 'a') expect(isSafeUrl(String(attr(node, 'href')))).toBe(true);
        }
      }),
    );
  });

  it('text without marks comes out as it went in', () => {
    const plain = fc
      .string({ unit: fc.constantFrom('a', 'B', '1', ' ', '&amp;', '&lt;', '.', 'é') })
      .filter((text) => text.trim() !== '');
    fc.assert(
      fc.property(plain, (text) => {
        const [paragraph] = parseMrkdwn(text);
        expect(paragraph?.kind === 'text' && paragraph.children.map((node) => ('text' in node ? node.text : '?')).join('')).toBe(
          unescapeText(text),
        );
      }),
    );
  });
});

/** A redraw writes what changed and nothing else: that is what keeps focus, scroll and half-typed text. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createScreen } from '../../../sandbox/slack/page/app/patch.ts';
import { h, type VElement } from '../../../sandbox/slack/page/app/vdom.ts';
import { installDocument } from './fake-document.ts';

let host: ReturnType<typeof installDocument>['host'];
let writes: string[];
let paint: (tree: VElement) => void;

beforeEach(() => {
  ({ host, writes } = installDocument());
  paint = createScreen(host as unknown as Element);
});
afterEach(() => {
  Reflect.deleteProperty(globalThis, 'document');
});

const html = (): string => host.childNodes.map((node) => node.html).join('');
const written = (tree: VElement): readonly string[] => {
  writes.length = 0;
  paint(tree);
  return writes;
};
const item = (key: string, text = key): VElement => h('li', { key }, text);
const list = (...items: readonly VElement[]): VElement => h('ul', {}, items);

describe('a redraw', () => {
  it('of the same tree writes nothing', () => {
    const tree = (): VElement => h('p.quiet', { attrs: { id: 'a', hidden: true } }, 'text', h('b', {}, 'bold'));
    paint(tree());
    expect(html()).toBe('<p class="quiet" id="a" hidden="">text<b>bold</b></p>');
    expect(written(tree())).toEqual([]);
  });

  it('changes only the attribute that differs, and takes away the one that is gone', () => {
    paint(h('p', { attrs: { id: 'a', title: 'x' } }));
    expect(written(h('p', { attrs: { id: 'b' } }))).toEqual(['set p id=b', 'unset p title']);
  });

  it('adds a message without touching the others', () => {
    paint(list(item('1'), item('2')));
    expect(written(list(item('1'), item('2'), item('3')))).toEqual(['insert 3', 'insert li']);
  });

  it('takes one out of the middle without moving the rest', () => {
    paint(list(item('1'), item('2'), item('3')));
    expect(written(list(item('1'), item('3')))).toEqual(['remove li']);
    expect(html()).toBe('<ul><li>1</li><li>3</li></ul>');
  });

  it('keeps the element of an edited message', () => {
    paint(list(item('1', 'before')));
    const before = host.childNodes[0];
    paint(list(item('1', 'after')));
    expect(host.childNodes[0]).toBe(before);
    expect(html()).toBe('<ul><li>after</li></ul>');
  });

  it.each([
    ['reversed', ['3', '2', '1']],
    ['with a newcomer in front', ['0', '1', '2', '3']],
    ['replaced', ['7', '8']],
    ['emptied', []],
  ])('ends with the wanted order: %s', (_, keys) => {
    paint(list(item('1'), item('2'), item('3')));
    paint(list(...keys.map((key) => item(key))));
    expect(html()).toBe(`<ul>${keys.map((key) => `<li>${key}</li>`).join('')}</ul>`);
  });

  it('never writes over what the person typed', () => {
    const field = (value: string): VElement => h('form', {}, h('input', { key: 'a', once: { value } }));
    paint(field('from the app'));
    const input = (host.childNodes[0] as unknown as { childNodes: { value: string }[] }).childNodes[0]!;
    input.value = 'typed';
    paint(field('from the app, again'));
    expect(input.value).toBe('typed');
  });

  it('skips a part that is the very same object', () => {
    const part = h('p', {}, 'kept');
    paint(h('div', {}, part));
    Object.assign(part.props, { attrs: { title: 'changed behind its back' } });
    expect(written(h('div', {}, part))).toEqual([]);
  });

  it('calls the listener of the latest tree, once', () => {
    const calls: string[] = [];
    const button = (name: string): VElement => h('button', { on: { click: () => calls.push(name) } });
    paint(button('first'));
    paint(button('second'));
    (host.childNodes[0] as unknown as { listeners: Map<string, (event: unknown) => void> }).listeners.get('click')?.({});
    expect(calls).toEqual(['second']);
  });

  it('tells an element when it has come and before it goes, children after their parent', () => {
    const told: string[] = [];
    const hooks = (name: string) => ({
      key: name,
      created: () => told.push(`${name} came`),
      removed: () => told.push(`${name} goes`),
    });
    paint(h('div', {}, h('dialog', hooks('dialog'), h('p', hooks('text')))));
    paint(h('div', {}));
    expect(told).toEqual(['text came', 'dialog came', 'dialog goes', 'text goes']);
  });

  it('sets a style through the object model, which the security policy allows', () => {
    paint(h('p', { attrs: { style: 'color: red' } }));
    expect(html()).toBe('<p></p>');
    expect((host.childNodes[0] as unknown as { style: { cssText: string } }).style.cssText).toBe('color: red');
  });
});

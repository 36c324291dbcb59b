/** The only place that writes to the document: makes it equal to the wanted tree, touching nothing that already is. */
import type { Attribute, Listener, Props, VElement, VNode } from './vdom.ts';

type Live = { node: Node; want: VNode; children: Live[] };

const SVG_NAMESPACE = 'http://www.w3.org/2000/svg';
const SVG_TAGS = new Set(['svg', 'path', 'circle', 'rect', 'g']);

/** Returns what redraws `host`. Nodes in it that were not made here are left alone. */
export function createScreen(host: Element): (tree: VNode) => void {
  let live: Live | undefined;
  return (tree) => {
    if (live && isSame(live.want, tree)) return update(live, tree);
    if (live) remove(live);
    live = create(tree);
    host.append(live.node);
    afterInsert(live);
  };
}

const isSame = (old: VNode, next: VNode): boolean =>
  typeof old === 'string' || typeof next === 'string'
    ? typeof old === typeof next
    : old.tag === next.tag && old.props.key === next.props.key;

function create(want: VNode): Live {
  if (typeof want === 'string') return { node: document.createTextNode(want), want, children: [] };
  const element = SVG_TAGS.has(want.tag) ? document.createElementNS(SVG_NAMESPACE, want.tag) : document.createElement(want.tag);
  const live: Live = { node: element, want, children: want.children.map(create) };
  for (const [name, value] of attributes(want.props)) setAttribute(element, name, value);
  listen(live, element, {}, want.props);
  element.append(...live.children.map((child) => child.node));
  // After the children: a select takes its value from the options it has.
  const { value, checked, open } = want.props.once ?? {};
  if (value !== undefined) (element as HTMLInputElement).value = value;
  if (checked !== undefined) (element as HTMLInputElement).checked = checked;
  if (open) element.setAttribute('open', '');
  return live;
}

/** Hooks run when the element is in the document, children first: they may focus it, measure it or open it. */
function afterInsert(live: Live): void {
  for (const child of live.children) afterInsert(child);
  if (typeof live.want !== 'string') live.want.props.created?.(live.node as HTMLElement);
}

function remove(live: Live): void {
  beforeRemove(live);
  live.node.parentNode?.removeChild(live.node);
}

function beforeRemove(live: Live): void {
  if (typeof live.want === 'string') return;
  live.want.props.removed?.(live.node as HTMLElement);
  for (const child of live.children) beforeRemove(child);
}

function update(live: Live, next: VNode): void {
  const old = live.want;
  if (old === next) return;
  live.want = next;
  if (typeof next === 'string' || typeof old === 'string') {
    live.node.nodeValue = next as string;
    return;
  }
  const element = live.node as Element;
  const before = new Map(attributes(old.props));
  for (const [name, value] of attributes(next.props)) {
    if (before.get(name) !== value) setAttribute(element, name, value);
    before.delete(name);
  }
  for (const name of before.keys()) element.removeAttribute(name);
  listen(live, element, old.props, next.props);
  updateChildren(live, next);
}

function updateChildren(live: Live, next: VElement): void {
  const pool = new Map<string, Live>();
  for (const [slot, child] of slots(live.children, (each) => each.want)) pool.set(slot, child);
  const added: Live[] = [];
  const children = Array.from(
    slots(next.children, (each) => each),
    ([slot, want]) => {
      const known = pool.get(slot);
      if (known && isSame(known.want, want)) {
        pool.delete(slot);
        update(known, want);
        return known;
      }
      const made = create(want);
      added.push(made);
      return made;
    },
  );
  // Leavers first: then those who stay are in order already, and need not be moved (a moved element loses its focus).
  for (const leaver of pool.values()) remove(leaver);
  let before: Node | null = null;
  for (let index = children.length - 1; index >= 0; index -= 1) {
    const { node } = children[index]!;
    const last = before === null && node.parentNode === live.node && index === children.length - 1;
    if (!last && (node.parentNode !== live.node || node.nextSibling !== before)) live.node.insertBefore(node, before);
    before = node;
  }
  live.children = children;
  for (const each of added) afterInsert(each);
}

/** A child's place among its siblings: its key, or its tag and how many such came before it. */
function* slots<T>(children: readonly T[], wanted: (child: T) => VNode): Generator<[string, T]> {
  const seen = new Map<string, number>();
  for (const child of children) {
    const want = wanted(child);
    const name = typeof want === 'string' ? '#text' : want.props.key === undefined ? want.tag : `${want.tag}#${want.props.key}`;
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    yield [`${name}/${count}`, child];
  }
}

const attributes = (props: Props): [string, Attribute][] => [
  ...(props.class ? [['class', props.class] as [string, Attribute]] : []),
  ...Object.entries(props.attrs ?? {}),
];

function setAttribute(element: Element, name: string, value: Attribute): void {
  if (name === 'style') {
    // Through the object model: a style attribute is inline style, which the page's security policy forbids.
    (element as HTMLElement).style.cssText = String(value ?? '');
  } else if (value === undefined || (value === false && !name.startsWith('aria-'))) {
    element.removeAttribute(name);
  } else {
    element.setAttribute(name, value === true && !name.startsWith('aria-') ? '' : String(value));
  }
}

/** One listener per kind of event for the element's whole life; it calls whatever the latest tree says. */
function listen(live: Live, element: Element, old: Props, next: Props): void {
  for (const type of Object.keys(next.on ?? {})) {
    if (old.on && type in old.on) continue;
    element.addEventListener(type, (event) => {
      const current = live.want as VElement;
      const listener: Listener | undefined = current.props.on?.[type];
      listener?.(event);
    });
  }
}

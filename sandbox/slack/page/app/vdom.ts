/**
 * What should be on the screen, as plain data. Everything that draws returns this, so it can be tested without a
 * browser, and text can only ever become a text node: there is no way to say "this is HTML".
 */
export type Listener = (event: Event) => void;
export type Attribute = string | number | boolean | undefined;

export type Props = {
  /** Tells siblings apart across redraws; an element keeps its focus, its scroll position and its text with its key. */
  readonly key?: string | undefined;
  readonly on?: Readonly<Record<string, Listener | undefined>>;
  /** Set when the element is made and never again: what the person typed or opened since then is theirs. */
  readonly once?: {
    readonly value?: string | undefined;
    readonly checked?: boolean | undefined;
    readonly open?: boolean | undefined;
  };
  readonly created?: (element: HTMLElement) => void;
  readonly removed?: (element: HTMLElement) => void;
  readonly attrs?: Readonly<Record<string, Attribute>>;
  readonly class?: string | undefined;
};
export type VElement = {
  readonly tag: string;
  readonly props: Props;
  readonly children: readonly VNode[];
};
export type VNode = VElement | string;
export type Child = VNode | number | false | null | undefined | readonly Child[];

/** `h('a.link.quiet', { attrs: { href } }, 'text')`: a tag with its classes, what it carries, what is in it. */
export function h(selector: string, props: Props = {}, ...children: readonly Child[]): VElement {
  const [tag = 'div', ...classes] = selector.split('.');
  const className = [...classes, props.class].filter(Boolean).join(' ');
  return {
    tag,
    props: className ? { ...props, class: className } : props,
    children: flatten(children),
  };
}

function flatten(children: readonly Child[]): VNode[] {
  const flat: VNode[] = [];
  for (const child of children) {
    if (child === null || child === undefined || child === false || child === '') continue;
    if (Array.isArray(child)) flat.push(...flatten(child));
    else if (typeof child === 'number') flat.push(String(child));
    else flat.push(child as VNode);
  }
  return flat;
}

/** The text that a reader would hear or copy. */
export function textOf(node: VNode): string {
  if (typeof node === 'string') return node;
  return node.tag === 'br' ? '\n' : node.children.map(textOf).join('');
}

/** Every element for which the test holds, in document order. */
export function findAll(node: VNode, test: (element: VElement) => boolean): VElement[] {
  if (typeof node === 'string') return [];
  return [...(test(node) ? [node] : []), ...node.children.flatMap((child) => findAll(child, test))];
}

/** As much of a document as `patch.ts` writes to, and a record of every write. */
export const installDocument = () => {
  const writes: string[] = [];
  class FakeNode {
    parentNode: FakeElement | null = null;
    nodeValue: string;
    constructor(text: string) {
      this.nodeValue = text;
    }
    get nextSibling(): FakeNode | null {
      const siblings = this.parentNode?.childNodes ?? [];
      return siblings[siblings.indexOf(this) + 1] ?? null;
    }
    get html(): string {
      return this.nodeValue;
    }
  }
  class FakeElement extends FakeNode {
    readonly tag: string;
    readonly childNodes: FakeNode[] = [];
    readonly attributes = new Map<string, string>();
    readonly listeners = new Map<string, (event: unknown) => void>();
    readonly style = { cssText: '' };
    value = '';
    constructor(tag: string) {
      super('');
      this.tag = tag;
    }
    setAttribute(name: string, value: string): void {
      writes.push(`set ${this.tag} ${name}=${value}`);
      this.attributes.set(name, value);
    }
    removeAttribute(name: string): void {
      if (this.attributes.delete(name)) writes.push(`unset ${this.tag} ${name}`);
    }
    addEventListener(type: string, listener: (event: unknown) => void): void {
      this.listeners.set(type, listener);
    }
    append(...nodes: FakeNode[]): void {
      for (const node of nodes) this.insertBefore(node, null);
    }
    insertBefore(node: FakeNode, before: FakeNode | null): void {
      writes.push(`insert ${node instanceof FakeElement ? node.tag : node.nodeValue}`);
      node.parentNode?.childNodes.splice(node.parentNode.childNodes.indexOf(node), 1);
      const at = before === null ? this.childNodes.length : this.childNodes.indexOf(before);
      this.childNodes.splice(at, 0, node);
      node.parentNode = this;
    }
    removeChild(node: FakeNode): void {
      writes.push(`remove ${node instanceof FakeElement ? node.tag : node.nodeValue}`);
      this.childNodes.splice(this.childNodes.indexOf(node), 1);
      node.parentNode = null;
    }
    override get html(): string {
      const names = [...this.attributes].map(([name, value]) => ` ${name}="${value}"`).join('');
      return `<${this.tag}${names}>${this.childNodes.map(({ html }) => html).join('')}</${this.tag}>`;
    }
  }
  const fake = {
    createElement: (tag: string) => new FakeElement(tag),
    createElementNS: (_: string, tag: string) => new FakeElement(tag),
    createTextNode: (text: string) => new FakeNode(text),
  };
  Object.assign(globalThis, { document: fake });
  return { host: new FakeElement('host'), writes };
};

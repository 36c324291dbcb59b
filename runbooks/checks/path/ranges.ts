/** Ranges of IPv4 and IPv6 addresses, `10.0.0.0/16` or a single address, as numbers that can be compared. */
export type Range = { readonly family: 4 | 6; readonly first: bigint; readonly last: bigint };

const BITS = { 4: 32, 6: 128 } as const;
export const EVERYWHERE = { 4: '0.0.0.0/0', 6: '::/0' } as const;

const fromIpv4 = (text: string): bigint | undefined => {
  const octets = text.split('.').map(Number);
  if (octets.length !== 4 || octets.some((octet) => !Number.isInteger(octet) || octet < 0 || octet > 255)) return undefined;
  return octets.reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);
};

const wordsOf = (text: string): readonly string[] => (text === '' ? [] : text.split(':'));
const fromIpv6 = (text: string): bigint | undefined => {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return undefined;
  const [before, after] = [wordsOf(head), wordsOf(tail ?? '')];
  const gap = tail === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => '0');
  const words = [...before, ...gap, ...after];
  if (words.length !== 8 || words.some((word) => !/^[0-9a-f]{1,4}$/i.test(word))) return undefined;
  return words.reduce((sum, word) => (sum << 16n) | BigInt(Number.parseInt(word, 16)), 0n);
};

/** `undefined` for what is no range of addresses, such as a prefix list. */
export const rangeOf = (cidr: string): Range | undefined => {
  const [text = '', suffix] = cidr.split('/');
  const family = text.includes(':') ? 6 : 4;
  const address = family === 6 ? fromIpv6(text) : fromIpv4(text);
  const bits = suffix === undefined ? BITS[family] : Number(suffix);
  if (address === undefined || !Number.isInteger(bits) || bits < 0 || bits > BITS[family]) return undefined;
  const size = 1n << BigInt(BITS[family] - bits);
  const first = (address / size) * size;
  return { family, first, last: first + size - 1n };
};

export const sizeOf = ({ first, last }: Range): bigint => last - first + 1n;

const holds = (outer: Range, inner: Range): boolean =>
  outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;

/** Whether the first range holds the whole of the second. */
export const contains = (outer: string, inner: string): boolean => {
  const [a, b] = [rangeOf(outer), rangeOf(inner)];
  return a !== undefined && b !== undefined && holds(a, b);
};

/** https://www.rfc-editor.org/rfc/rfc1918, https://www.rfc-editor.org/rfc/rfc6598, https://www.rfc-editor.org/rfc/rfc4193 */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];
export const isPrivate = (cidr: string): boolean => PRIVATE.some((range) => contains(range, cidr));

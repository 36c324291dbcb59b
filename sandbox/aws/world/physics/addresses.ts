/** Health checks ask the same few addresses and ranges without end: reading them is most of a large world's work. */
const READINGS_MAX = 10_000;

const remembered = <T>(read: (text: string) => T): ((text: string) => T) => {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size >= READINGS_MAX) known.clear();
    const reading = read(text);
    known.set(text, reading);
    return reading;
  };
};

const toNumber = remembered((ip) => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0));

const toText = (value: number): string => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');

/** `10.0.16.0/20` → its first address and how many it holds. */
const range = remembered((cidr) => {
  const [base = '0.0.0.0', bits = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(bits));
  const first = toNumber(base);
  return { first: first - (first % size), size, bits: Number(bits) };
});

export const cidrHolds = (cidr: string, ip: string): boolean => {
  const { first, size } = range(cidr);
  const value = toNumber(ip);
  return value >= first && value < first + size;
};

/** How specific a range is: routes with more bits win. */
export const prefixBits = (cidr: string): number => range(cidr).bits;

/** The lowest free address of a subnet. AWS keeps the first four and the last for itself. https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
export const freeAddress = (cidr: string, taken: ReadonlySet<string>): string | undefined => {
  const { first, size } = range(cidr);
  for (let value = first + 4; value < first + size - 1; value++) {
    const ip = toText(value);
    if (!taken.has(ip)) return ip;
  }
  return undefined;
};

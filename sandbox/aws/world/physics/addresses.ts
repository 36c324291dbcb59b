const toNumber = (ip: string): number => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

const toText = (value: number): string => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');

/** `10.0.16.0/20` → its first address and how many it holds. */
const range = (cidr: string): { readonly first: number; readonly size: number; readonly bits: number } => {
  const [base = '0.0.0.0', bits = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(bits));
  const first = toNumber(base);
  return { first: first - (first % size), size, bits: Number(bits) };
};

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

import { isIP } from 'node:net';
import type { NetworkInterface } from '@aws-sdk/client-ec2';
import type { DependencySeen } from '../../../runbook/entities.ts';
import type { Service } from '../../../runbook/service.ts';
import { unreadable } from '../read-failure.ts';
import type { FetchFact, Look } from './look.ts';
import { resolved, valuesOf } from './names.ts';
import { chunks, present, unique } from './present.ts';
import { describeNetworkInterfaces } from './reads/ec2.ts';

/** A filter takes no more values. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
const FILTER_VALUES_MAX = 200;

type Placed = Pick<DependencySeen, 'addresses' | 'resolveError'>;
const place = async (look: Look, { host }: Service['dependencies'][number]): Promise<Placed> => {
  if (isIP(host) !== 0) return { addresses: [host] };
  const answer = await resolved(look, host, 'A');
  return { addresses: valuesOf(answer) ?? [], ...present({ resolveError: 'error' in answer ? answer.error : undefined }) };
};

const addressesOf = ({ PrivateIpAddresses = [] }: NetworkInterface): readonly string[] =>
  PrivateIpAddresses.map(({ PrivateIpAddress = '' }) => PrivateIpAddress);

const interfacesWith = async (look: Look, addresses: readonly string[], vpcIds: readonly string[]) => {
  const pages = chunks(addresses.toSorted(), FILTER_VALUES_MAX).map((part) =>
    look.all(describeNetworkInterfaces, {
      Filters: [
        { Name: 'vpc-id', Values: [...vpcIds] },
        { Name: 'addresses.private-ip-address', Values: [...part] },
      ],
    }),
  );
  return (await Promise.all(pages)).flat();
};

export const dependencies: FetchFact<'dependencies'> = async (look, { serviceId }): Promise<readonly DependencySeen[]> => {
  const service = look.services(serviceId);
  if (service === undefined) throw unreadable(`No service ${serviceId} is described.`);
  const [{ loadBalancers }, placed] = await Promise.all([
    look.fact('service-map', { serviceId }),
    Promise.all(service.dependencies.map((one) => place(look, one))),
  ]);
  const vpcIds = unique(loadBalancers.map(({ vpcId }) => vpcId));
  const wanted = unique(placed.flatMap(({ addresses }) => addresses));
  const cards = wanted.length === 0 || vpcIds.length === 0 ? [] : await interfacesWith(look, wanted, vpcIds);
  return service.dependencies.map(({ name, host, port }, index) => {
    const where = placed[index] ?? { addresses: [] };
    const interfaces = cards.flatMap((card) =>
      addressesOf(card)
        .filter((address) => where.addresses.includes(address))
        .map((address) => ({
          id: card.NetworkInterfaceId ?? '',
          address,
          subnetId: card.SubnetId ?? '',
          securityGroupIds: (card.Groups ?? []).map(({ GroupId = '' }) => GroupId),
          description: card.Description ?? '',
          status: (card.Status as string | undefined) ?? '',
        })),
    );
    return { name, host, port, ...where, interfaces };
  });
};

import type { GroupScaling } from '../../../runbook/entities.ts';
import { attempt } from '../read-failure.ts';
import type { FetchFact } from './look.ts';
import { present } from './present.ts';

export const scaling: FetchFact<'scaling'> = async (look, { serviceId }): Promise<readonly GroupScaling[]> => {
  const { groups } = await look.fact('service-map', { serviceId });
  return Promise.all(
    groups.map(async ({ name }) => {
      const [surroundings, load] = await Promise.all([
        look.fact('group-surroundings', { name }),
        attempt(look.fact('load-of-group', { name })),
      ]);
      return { groupName: name, surroundings, ...present({ load: 'value' in load ? load.value : undefined }) };
    }),
  );
};

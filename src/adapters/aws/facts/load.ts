import type { InstanceLoad } from '../../../runbook/entities.ts';
import type { FetchFact } from './look.ts';
import { metrics } from './metrics.ts';
import { present } from './present.ts';

const MINUTES = 10;
/** Without detailed monitoring EC2 measures every five minutes. */
const PERIOD_SECONDS = 300;

export const loadOfGroup: FetchFact<'load-of-group'> = async (look, { name }): Promise<readonly InstanceLoad[]> => {
  const members = (await look.fact('group', { name }))?.members ?? [];
  const wanted = members.map(({ id }) => ({
    key: id,
    namespace: 'AWS/EC2',
    metric: 'CPUUtilization',
    dimensions: { InstanceId: id },
    statistic: 'Average',
  }));
  const found = await metrics(look, wanted, { minutes: MINUTES, periodSeconds: PERIOD_SECONDS });
  return members.map(({ id }) => ({ instanceId: id, ...present({ cpuPercent: found.get(id)?.at(-1)?.value }) }));
};

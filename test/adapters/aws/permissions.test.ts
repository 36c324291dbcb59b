import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Read } from '../../../src/adapters/aws/facts/look.ts';
import * as autoscaling from '../../../src/adapters/aws/facts/reads/autoscaling.ts';
import * as ec2 from '../../../src/adapters/aws/facts/reads/ec2.ts';
import * as elb from '../../../src/adapters/aws/facts/reads/elb.ts';
import * as iam from '../../../src/adapters/aws/facts/reads/iam.ts';
import * as others from '../../../src/adapters/aws/facts/reads/others.ts';

type Statement = { readonly Action: readonly string[] };
type Roles = {
  readonly Resources: {
    readonly ReadRole: {
      readonly Properties: {
        readonly Policies: readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[];
      };
    };
  };
};

it('every read that facts are made of is in the deployed read role', async () => {
  const roles = parse(await readFile(new URL('../../../infra/roles.yml', import.meta.url), 'utf8')) as Roles;
  const allowed = roles.Resources.ReadRole.Properties.Policies.flatMap(({ PolicyDocument }) =>
    PolicyDocument.Statement.flatMap(({ Action }) => Action),
  );
  const reads = [autoscaling, ec2, elb, iam, others].flatMap(
    (module) => Object.values(module) as readonly Read<never, unknown>[],
  );
  const asked = reads.map(({ action }) => action);
  expect(asked.length).toBeGreaterThan(40);
  expect(asked.filter((action) => !allowed.includes(action))).toEqual([]);
});

import { z } from 'zod';

/** `runbooks/services/<id>.yml`: what is broken when "the shop" is broken, who answers for it, and where to start looking. */
export const service = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]*$/)
      .max(40),
    name: z.string().min(1).max(80),
    /** What a user opens; its host is resolved and its certificate is checked. */
    url: z.url().optional(),
    /** The load balancer's name. One of `loadBalancer`, `url` is enough: the rest follows from AWS. */
    loadBalancer: z.string().optional(),
    region: z.string().optional(),
    /** Slack user ids, invited when an incident opens. */
    responders: z.array(z.string()).max(20).default([]),
    /** Who is proposed for which role: role id → Slack user id. */
    onCall: z.record(z.string(), z.string()).default({}),
    /** What its targets must reach, by host name or address. */
    dependencies: z
      .array(
        z.strictObject({
          name: z.string(),
          host: z.string(),
          port: z.number().int().min(1).max(65_535),
          securityGroup: z.string().optional(),
        }),
      )
      .max(20)
      .default([]),
    /** What its instances' role must be allowed to do. */
    iamActions: z
      .array(z.strictObject({ action: z.string(), resource: z.string().default('*') }))
      .max(20)
      .default([]),
  })
  .refine(({ url, loadBalancer }) => url !== undefined || loadBalancer !== undefined, {
    error: 'Give `loadBalancer` (its name) or `url`: one of them is where discovery starts.',
  });
export type Service = z.output<typeof service>;

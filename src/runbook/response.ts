import { z } from 'zod';

export const severity = z.enum(['sev1', 'sev2', 'sev3', 'sev4']);
export type Severity = z.infer<typeof severity>;
export const roleId = z.enum(['commander', 'operations', 'communications', 'scribe', 'expert']);
export type RoleId = z.infer<typeof roleId>;

const whoApproves = z.enum(['nobody', 'role-holder', 'another-person']);

const bySeverity = <T extends z.ZodType>(value: T) => z.strictObject({ sev1: value, sev2: value, sev3: value, sev4: value });

/** `runbooks/response.yml`: how a team answers. */
export const responsePolicy = z.strictObject({
  digestChannel: z.string().describe('One line for each incident goes here: a channel id, or a name with #'),
  severities: bySeverity(
    z.strictObject({ title: z.string(), means: z.string(), updateEveryMinutes: z.number().int().min(5).max(1_440) }),
  ),
  roles: z.record(roleId, z.strictObject({ title: z.string(), duties: z.array(z.string()).min(1).max(8) })),
  approvals: z.strictObject({
    /** What can be undone. */
    reversible: whoApproves,
    /** What cannot: termination. */
    irreversible: whoApproves,
    timeoutMinutes: z.number().int().min(1).max(1_440),
    /** The approval of the start covers the termination too. */
    oneApprovalCoversAll: bySeverity(z.boolean()),
    /** A role holder may go on alone with a written reason. */
    breakGlass: z.boolean(),
  }),
  caps: z.strictObject({
    /** Irreversible runs an incident may have in any hour. */
    terminationsPerHour: bySeverity(z.number().int().min(0).max(100)),
    /** Share of a group that one run may take out of service. */
    shareOfGroupPercent: bySeverity(z.number().int().min(1).max(100)),
  }),
  keepEvidenceDays: z.number().int().min(1).max(3_650),
  contacts: z
    .array(z.strictObject({ name: z.string(), for: z.string(), phone: z.string().optional(), slackId: z.string().optional() }))
    .max(30)
    .default([]),
});
export type ResponsePolicy = z.output<typeof responsePolicy>;

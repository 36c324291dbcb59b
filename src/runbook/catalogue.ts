import { z } from 'zod';
import type { AnyCheck } from './define-check.ts';
import type { AnyFix } from './define-fix.ts';
import type { ResponsePolicy } from './response.ts';
import type { Service } from './service.ts';
import type { KnownSymptom } from './symptoms.ts';

/** `runbooks/checklists/<id>.yml`: what is gone through, in order, whoever is on call. */
export const checklist = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string().max(80),
  version: z.number().int().positive(),
  items: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9-]+$/),
        title: z.string().max(60),
        /** The probe that answers it; without one a person marks it. */
        check: z.string().optional(),
        /** What to look at by hand: for items without a probe, for `unknown`, and on paper. */
        byHand: z.string().max(300),
      }),
    )
    .min(1)
    .max(20),
});
export type Checklist = z.output<typeof checklist>;
export type ChecklistItem = Checklist['items'][number];

/** Everything in `runbooks/`, loaded and checked once at start. */
export type Catalogue = {
  readonly checks: readonly AnyCheck[];
  readonly fixes: readonly AnyFix[];
  readonly checklist: Checklist;
  readonly services: readonly Service[];
  readonly response: ResponsePolicy;
  readonly symptoms: readonly KnownSymptom[];
};

export const serviceOf = (catalogue: Catalogue, id: string | undefined): Service | undefined =>
  catalogue.services.find((service) => service.id === id) ??
  (catalogue.services.length === 1 && id === undefined ? catalogue.services[0] : undefined);
export const checkOf = (catalogue: Catalogue, id: string | undefined): AnyCheck | undefined =>
  catalogue.checks.find((check) => check.id === id);
export const fixOf = (catalogue: Catalogue, id: string): AnyFix | undefined => catalogue.fixes.find((fix) => fix.id === id);
export const itemOf = (catalogue: Catalogue, id: string): ChecklistItem | undefined =>
  catalogue.checklist.items.find((item) => item.id === id);

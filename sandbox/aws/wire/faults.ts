/** Faults of the wire, told beforehand and counted: the same calls always meet the same faults. */

export type FaultEffect =
  /** The service's own word for "too fast". The call does not run. */
  | { readonly kind: 'throttle' }
  /** The call does not run. */
  | { readonly kind: 'error'; readonly code: string; readonly message?: string; readonly status?: number }
  /** Wall milliseconds before anything else happens. Goes with the other effects. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** The connection breaks before the call runs. */
  | { readonly kind: 'dropBefore' }
  /** The call runs, then the connection breaks: it succeeded and looks failed. */
  | { readonly kind: 'dropAfter' }
  /** No answer, ever, and the call does not run. */
  | { readonly kind: 'hang' };

export type FaultRule = {
  /** The signing name, such as `autoscaling`. Absent: any. */
  readonly service?: string;
  /** The operation, such as `DetachInstances`. Absent: any. */
  readonly action?: string;
  /** The first matching call that is hit, counted from 1, the default. */
  readonly fromCall?: number;
  /** How many calls from there on are hit. Absent: all, until the rule is withdrawn. */
  readonly times?: number;
  readonly effect: FaultEffect;
};

export type FaultPlan = {
  /** Counts from now on; the answer withdraws the rule. */
  readonly add: (rule: FaultRule) => () => void;
  readonly clear: () => void;
  readonly rules: () => readonly FaultRule[];
  /** For the wire: counts this call against every rule that matches, and says what hits it. */
  readonly meet: (service: string, action: string) => readonly FaultEffect[];
};

export const createFaultPlan = (initial: readonly FaultRule[] = []): FaultPlan => {
  const counted = new Map<number, { readonly rule: FaultRule; seen: number }>();
  let sequence = 0;
  const add: FaultPlan['add'] = (rule) => {
    const id = sequence++;
    counted.set(id, { rule, seen: 0 });
    return () => counted.delete(id);
  };
  for (const rule of initial) add(rule);
  return {
    add,
    clear: () => counted.clear(),
    rules: () => [...counted.values()].map(({ rule }) => rule),
    meet: (service, action) =>
      [...counted.values()].flatMap((entry) => {
        const {
          service: ofService = service,
          action: ofAction = action,
          fromCall = 1,
          times = Number.POSITIVE_INFINITY,
        } = entry.rule;
        if (ofService !== service || ofAction !== action) return [];
        entry.seen++;
        return entry.seen >= fromCall && entry.seen < fromCall + times ? [entry.rule.effect] : [];
      }),
  };
};

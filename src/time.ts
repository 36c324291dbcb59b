/** A moment of the clock (milliseconds since the epoch) as the log writes it. */
export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();

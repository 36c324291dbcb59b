/** So many failed looks in a row are no bad moment any more. */
const STUMBLES_MAX = 20;

type Patient<S> = S & { readonly stumbles?: number };

/**
 * A look that may be made again. The SDK tries steps again that threw, and conditions not: one bad moment of the table would end a wait
 * of hours, and the whole run with it. So a look that threw says what the one before it said; too many in a row throw.
 */
export const patiently =
  <S extends object>(look: (before: S) => Promise<S>, stumbled: (error: unknown) => void) =>
  async (before: Patient<S>): Promise<Patient<S>> => {
    try {
      return { ...(await look(before)), stumbles: 0 };
    } catch (error) {
      const stumbles = (before.stumbles ?? 0) + 1;
      if (stumbles >= STUMBLES_MAX) throw error;
      stumbled(error);
      return { ...before, stumbles };
    }
  };

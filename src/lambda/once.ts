/**
 * Made when it is first needed, and kept for as long as the container lives. What failed is not kept: a table that was away
 * for a second must not leave a container broken.
 */
export const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
};

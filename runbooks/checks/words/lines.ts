/** Of what AWS says; an encoded refusal alone may have thousands. */
const SAID_CHARACTERS_MAX = 240;

/** What AWS says on one line, cut where nobody reads on. */
export const onOneLine = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > SAID_CHARACTERS_MAX ? `${line.slice(0, SAID_CHARACTERS_MAX - 1)}…` : line;
};

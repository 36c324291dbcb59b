/** One or many, as IAM lets it be written. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

type Statement = { readonly Effect?: unknown; readonly Action?: unknown; readonly NotAction?: unknown };
const statementsOf = (document: string): readonly Statement[] => {
  try {
    const parsed = JSON.parse(document) as { readonly Statement?: unknown } | null;
    return listOf(parsed?.Statement).filter((one): one is Statement => typeof one === 'object' && one !== null);
  } catch {
    // What cannot be read is shown by its name alone: the simulation decides, not this.
    return [];
  }
};

/** What a policy denies, by the actions it names. */
export const denialsIn = (document: string): readonly string[] =>
  statementsOf(document)
    .filter(({ Effect }) => Effect === 'Deny')
    .map(({ Action, NotAction }) =>
      Action === undefined ? `all but ${listOf(NotAction).join(', ')}` : listOf(Action).join(', '),
    );

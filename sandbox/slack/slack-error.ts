/** What Slack answers when it does not do what it was asked; `code` is Slack's own word for it. Only the sandbox's wire catches it. */
export class SlackError extends Error {
  readonly code: string;
  /** Sentences with JSON pointers, as in `response_metadata.messages`. */
  readonly complaints: readonly string[];
  /** More fields of the answer, such as `needed` and `provided`. */
  readonly fields: Readonly<Record<string, unknown>>;
  constructor(
    code: string,
    {
      complaints = [],
      fields = {},
    }: { readonly complaints?: readonly string[]; readonly fields?: Readonly<Record<string, unknown>> } = {},
  ) {
    super([code, ...complaints].join(': '));
    this.name = 'SlackError';
    this.code = code;
    this.complaints = complaints;
    this.fields = fields;
  }
}

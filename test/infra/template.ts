/** What the tests ask of a CloudFormation template: its policy statements, and what refers to what. */
export type Resource = {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
};
export type Resources = Readonly<Record<string, Resource>>;
export type Statement = {
  /** `<resource>.<Sid, or where it stands>` */
  readonly name: string;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly unknown[];
};

const asList = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every object anywhere inside. */
function* objectsIn(value: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (isObject(value)) yield value;
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) yield* objectsIn(part);
}

/** Of roles, of keys, of buckets, of whatever has a policy. */
export const statementsOf = (resources: Resources): readonly Statement[] =>
  Object.entries(resources).flatMap(([id, resource]) =>
    [...objectsIn(resource.Properties)]
      .flatMap((object) =>
        asList<Readonly<Record<string, unknown>>>(object['Statement'] as Readonly<Record<string, unknown>> | undefined),
      )
      .map((statement, index) => ({
        name: `${id}.${statement['Sid'] ?? index}`,
        effect: String(statement['Effect']),
        actions: asList(statement['Action'] as string | readonly string[]),
        resources: asList(statement['Resource']),
      })),
  );

/** The actions that the role of this logical id is allowed, whatever the resource. */
export const allowedTo = (resources: Resources, roleId: string): readonly string[] =>
  statementsOf({ role: { Type: 'AWS::IAM::Role', Properties: { Policies: resources[roleId]?.Properties?.['Policies'] } } })
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ actions }) => actions)
    .sort();

/** The logical ids that must exist before this one: `Ref`, `Fn::GetAtt`, `Fn::Sub`, `DependsOn`. */
export const needsOf = (resource: Resource): ReadonlySet<string> => {
  const found = new Set<string>(asList(resource.DependsOn));
  for (const object of objectsIn(resource)) {
    if (typeof object['Ref'] === 'string') found.add(object['Ref']);
    const attribute = object['Fn::GetAtt'];
    if (attribute !== undefined) found.add(Array.isArray(attribute) ? String(attribute[0]) : String(attribute).split('.')[0]!);
    const [text] = asList(object['Fn::Sub'] as string | readonly string[] | undefined);
    for (const [, name = ''] of String(text ?? '').matchAll(/\$\{([^!}][^}]*)\}/g)) found.add(name.split('.')[0]!);
  }
  return new Set([...found].filter((name) => !name.startsWith('AWS::')));
};

/** A circle of resources that wait for one another, or nothing. CloudFormation refuses it, but only when it is deployed. */
export const circleOf = (resources: Resources): readonly string[] | undefined => {
  const settled = new Set<string>();
  const visit = (id: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(id)) return [...path.slice(path.indexOf(id)), id];
    if (settled.has(id) || resources[id] === undefined) return undefined;
    for (const next of needsOf(resources[id])) {
      const circle = visit(next, [...path, id]);
      if (circle !== undefined) return circle;
    }
    settled.add(id);
    return undefined;
  };
  for (const id of Object.keys(resources)) {
    const circle = visit(id, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
};

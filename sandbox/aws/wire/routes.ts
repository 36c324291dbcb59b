import { NormalizedSchema } from '@smithy/core/schema';
import { parsePairs, type WireRequest } from './http.ts';
import type { OperationSchema, ServiceModel } from './schemas.ts';

/** Which operation a REST request is: the `http` trait of every operation, the most particular first. */

export type Route = {
  readonly schema: OperationSchema;
  /** What a success is answered with. */
  readonly status: number;
  /** The labels of the path, decoded; undefined when the request is for another operation. */
  readonly labels: (request: WireRequest) => Readonly<Record<string, string>> | undefined;
  readonly weight: number;
};

/** `{Key+}` takes the rest of the path, slashes included. */
const labelForm = /^\{(\w+)(\+?)\}$/;

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

const pathPattern = (path: string): RegExp => {
  const segments = path.split('/').filter((segment) => segment !== '');
  const source = segments.map((segment) => {
    const [, name, greedy] = labelForm.exec(segment) ?? [];
    if (name === undefined) return `/${literal(segment)}`;
    return greedy ? `/(?<${name}>.+)` : `/(?<${name}>[^/]+)`;
  });
  // S3's keys may end with a slash: only a path without a greedy label may have one to spare.
  return new RegExp(`^${source.join('')}${path.includes('+}') ? '' : '/?'}$`, 's');
};

const LITERAL_QUERY_WEIGHT = 1_000;

/** S3 leaves the bucket to the endpoint; with an address as endpoint the SDK writes it at the head of the path. */
const fullPath = (model: ServiceModel, schema: OperationSchema, path: string): string => {
  const input = NormalizedSchema.of(schema[4]);
  const hasBucket =
    model.service === 's3' && input.isStructSchema() && [...input.structIterator()].some(([name]) => name === 'Bucket');
  return hasBucket ? `/{Bucket}${path}` : path;
};

const compileRoute = (model: ServiceModel, schema: OperationSchema): readonly Route[] => {
  const traits = schema[3];
  if (typeof traits === 'number' || traits.http === undefined) return [];
  const [method, template, status] = traits.http;
  const [path = '/', query = ''] = template.split('?');
  const pattern = pathPattern(fullPath(model, schema, path));
  const wanted = parsePairs(query, 'plus-is-plus');
  const literals = path.split('/').filter((segment) => segment !== '' && !labelForm.test(segment)).length;
  return [
    {
      schema,
      status,
      weight: wanted.length * LITERAL_QUERY_WEIGHT + literals,
      labels: (request) => {
        if (request.method !== method) return undefined;
        const present = wanted.every(([name, value]) => request.query.some(([n, v]) => n === name && v === value));
        const found = present ? pattern.exec(request.path) : null;
        if (found === null) return undefined;
        return Object.fromEntries(Object.entries(found.groups ?? {}).map(([name, text]) => [name, decodeURIComponent(text)]));
      },
    },
  ];
};

export const compileRoutes = (model: ServiceModel): readonly Route[] =>
  [...model.operations.values()].flatMap((schema) => compileRoute(model, schema)).sort((a, b) => b.weight - a.weight);

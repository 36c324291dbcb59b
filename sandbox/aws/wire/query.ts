import { NormalizedSchema } from '@smithy/core/schema';
import type { AwsError } from '../operation.ts';
import type { Codec, Named } from './codec.ts';
import { parsePairs, type WireReply, type WireRequest } from './http.ts';
import { readForm } from './query-form.ts';
import type { OperationSchema, SchemaRef, ServiceModel } from './schemas.ts';
import { createXmlWriter, escapeXml } from './xml.ts';

/** Query protocols: a form in, XML out. The two dialects differ in the names of members and in their envelopes. */

type Envelope = { readonly schema: SchemaRef; readonly wrap: (output: unknown, requestId: string) => unknown };

const members = (output: SchemaRef): readonly [readonly string[], readonly SchemaRef[]] => {
  const schema = NormalizedSchema.of(output);
  const entries = schema.isStructSchema() ? [...schema.structIterator()] : [];
  return [entries.map(([name]) => name), entries.map(([, member]) => member)];
};

/** A structure that no SDK describes: kind 3 is Smithy's number for structures, 0 as a member is a string. */
const structure = (name: string, namespace: string, names: readonly string[], refs: readonly SchemaRef[]): SchemaRef =>
  [3, namespace, name, 0, [...names], [...refs]] as SchemaRef;
const STRING = 0;

/** `<XResponse><requestId/>…members…</XResponse>`; an operation without output says `<return>true</return>`. */
const ec2Envelope = ({ namespace }: ServiceModel, [, , name, , , output]: OperationSchema): Envelope => {
  const [names, refs] = members(output);
  if (names.length === 0)
    return {
      schema: structure(`${name}Response`, namespace, ['requestId', 'return'], [STRING, STRING]),
      wrap: (_output, requestId) => ({ requestId, return: 'true' }),
    };
  return {
    schema: structure(`${name}Response`, namespace, ['requestId', ...names], [STRING, ...refs]),
    wrap: (value, requestId) => ({ ...(value as object), requestId }),
  };
};

/** `<XResponse><XResult>…members…</XResult><ResponseMetadata><RequestId/></ResponseMetadata></XResponse>` */
const queryEnvelope = ({ namespace }: ServiceModel, [, , name, , , output]: OperationSchema): Envelope => {
  const metadata = structure('ResponseMetadata', namespace, ['RequestId'], [STRING]);
  const metadataOf = (requestId: string) => ({ ResponseMetadata: { RequestId: requestId } });
  if (!NormalizedSchema.of(output).isStructSchema())
    return {
      schema: structure(`${name}Response`, namespace, ['ResponseMetadata'], [metadata]),
      wrap: (_output, requestId) => metadataOf(requestId),
    };
  return {
    schema: structure(`${name}Response`, namespace, [`${name}Result`, 'ResponseMetadata'], [output, metadata]),
    wrap: (value, requestId) => ({ [`${name}Result`]: value ?? {}, ...metadataOf(requestId) }),
  };
};

const errorBody = (model: ServiceModel, { code, message, status }: AwsError, requestId: string): string => {
  const [safeCode, safeMessage] = [escapeXml(code), escapeXml(message)];
  if (model.protocol === 'ec2Query')
    return `<Response><Errors><Error><Code>${safeCode}</Code><Message>${safeMessage}</Message></Error></Errors><RequestID>${requestId}</RequestID></Response>`;
  const type = status < 500 ? 'Sender' : 'Receiver';
  return `<ErrorResponse xmlns="${model.xmlNamespace}"><Error><Type>${type}</Type><Code>${safeCode}</Code><Message>${safeMessage}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
};

export const createQueryCodec = (model: ServiceModel): Codec => {
  const dialect = model.protocol === 'ec2Query' ? 'ec2Query' : 'awsQuery';
  const envelopeOf = dialect === 'ec2Query' ? ec2Envelope : queryEnvelope;
  const writeXml = createXmlWriter(model);
  const envelopes = new Map<OperationSchema, Envelope>();
  const headers = (requestId: string) => ({ 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId });
  const pairsOf = ({ body, query }: WireRequest) => [...query, ...parsePairs(body.toString('utf8'), 'plus-is-space')];
  const envelope = (schema: OperationSchema): Envelope => {
    const known = envelopes.get(schema) ?? envelopeOf(model, schema);
    envelopes.set(schema, known);
    return known;
  };
  return {
    name: (request): Named => {
      const action = pairsOf(request).find(([name]) => name === 'Action')?.[1] ?? '';
      const schema = model.operations.get(action);
      return schema === undefined ? { action } : { action, schema };
    },
    parse: (schema, request) => readForm(dialect, schema[4], pairsOf(request)),
    reply: (schema, output, requestId): WireReply => {
      const { schema: enveloped, wrap } = envelope(schema);
      return { status: 200, headers: headers(requestId), body: writeXml(enveloped as never, wrap(output, requestId)) };
    },
    refuse: (error, requestId): WireReply => ({
      status: error.status,
      headers: headers(requestId),
      body: `<?xml version="1.0" encoding="UTF-8"?>\n${errorBody(model, error, requestId)}`,
    }),
  };
};

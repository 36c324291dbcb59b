import { FromStringShapeDeserializer, ToStringShapeSerializer } from '@smithy/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../operation.ts';
import { decodeChunked } from './aws-chunked.ts';
import type { Codec, Named } from './codec.ts';
import type { WireReply, WireRequest } from './http.ts';
import { compileRoutes, type Route } from './routes.ts';
import type { OperationSchema, ServiceModel } from './schemas.ts';
import { createXmlReader, createXmlWriter, escapeXml, xmlSettings } from './xml.ts';

/** REST with XML (S3, Route 53): members live in the path, the query, headers and the body. https://smithy.io/2.0/spec/http-bindings.html */

type Members = readonly (readonly [string, NormalizedSchema])[];

const membersOf = (ref: OperationSchema[4]): Members => {
  const schema = NormalizedSchema.of(ref);
  return schema.isStructSchema() ? [...schema.structIterator()] : [];
};

const isBound = (member: NormalizedSchema): boolean => {
  const { httpLabel, httpQuery, httpQueryParams, httpHeader, httpPrefixHeaders, httpPayload, httpResponseCode } =
    member.getMergedTraits();
  return [httpLabel, httpQuery, httpQueryParams, httpHeader, httpPrefixHeaders, httpPayload, httpResponseCode].some(
    (trait) => trait !== undefined,
  );
};

const headersWith = (prefix: string, { headers }: WireRequest): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith(prefix.toLowerCase()))
      .map(([name, value]) => [name.slice(prefix.length), String(value)]),
  );

const createRequestReader = (model: ServiceModel) => {
  const strings = new FromStringShapeDeserializer(xmlSettings(model, true));
  const xml = createXmlReader(model);
  const readText = (member: NormalizedSchema, text: string | undefined): unknown =>
    text === undefined ? undefined : strings.read(member, text);
  const readQuery = (member: NormalizedSchema, name: string, { query }: WireRequest): unknown => {
    const texts = query.filter(([each]) => each === name).map(([, value]) => value);
    if (!member.isListSchema()) return readText(member, texts[0]);
    return texts.length === 0 ? undefined : texts.map((text) => readText(member.getValueSchema(), text));
  };
  const readPayload = (member: NormalizedSchema, body: Buffer): unknown => {
    if (member.isBlobSchema()) return body;
    if (body.length === 0) return undefined;
    return member.isStringSchema() ? body.toString('utf8') : xml.read(member, body);
  };
  const readBound = (name: string, member: NormalizedSchema, route: Route, request: WireRequest, body: Buffer): unknown => {
    const { httpLabel, httpQuery, httpHeader, httpPrefixHeaders, httpPayload } = member.getMergedTraits();
    if (httpLabel) return readText(member, route.labels(request)?.[name]);
    if (httpQuery !== undefined) return readQuery(member, httpQuery, request);
    if (httpHeader !== undefined) return readText(member, request.headers[httpHeader.toLowerCase()]?.toString());
    if (httpPrefixHeaders !== undefined) return headersWith(httpPrefixHeaders, request);
    return httpPayload ? readPayload(member, body) : undefined;
  };
  return (schema: OperationSchema, route: Route, request: WireRequest): Readonly<Record<string, unknown>> => {
    const members = membersOf(schema[4]);
    const body = decodeChunked(request);
    const fromBody = members.some(([, member]) => !isBound(member)) && body.length > 0 ? xml.read(schema[4] as never, body) : {};
    const fromElsewhere = members
      .filter(([, member]) => isBound(member))
      .map(([name, member]) => [name, readBound(name, member, route, request, body)] as const)
      .filter(([, value]) => value !== undefined);
    return { ...fromBody, ...Object.fromEntries(fromElsewhere) };
  };
};

type Values = Readonly<Record<string, unknown>>;

const createReplyWriter = (model: ServiceModel) => {
  const strings = new ToStringShapeSerializer(xmlSettings(model, true));
  const writeXml = createXmlWriter(model);
  const headersOf = (members: Members, values: Values): Readonly<Record<string, string>> => {
    const headers: Record<string, string> = {};
    for (const [name, member] of members) {
      const { httpHeader, httpPrefixHeaders } = member.getMergedTraits();
      const value = values[name];
      if (value === undefined || value === null) continue;
      if (httpHeader !== undefined) {
        strings.write(member, value);
        headers[httpHeader.toLowerCase()] = strings.flush();
      } else if (httpPrefixHeaders !== undefined)
        for (const [key, text] of Object.entries(value)) headers[`${httpPrefixHeaders}${key}`.toLowerCase()] = String(text);
    }
    return headers;
  };
  const bodyOf = (output: OperationSchema[5], members: Members, values: Values): string | Uint8Array => {
    const payload = members.find(([, member]) => member.getMergedTraits().httpPayload);
    if (payload !== undefined) {
      const [name, member] = payload;
      const value = values[name];
      if (value === undefined) return '';
      return member.isBlobSchema() || member.isStringSchema() ? (value as string | Uint8Array) : writeXml(member, value);
    }
    const inBody = members.filter(([, member]) => !isBound(member)).map(([name]) => [name, values[name]] as const);
    return inBody.length === 0 ? '' : writeXml(output as never, Object.fromEntries(inBody));
  };
  return (schema: OperationSchema, status: number, output: unknown): WireReply => {
    const [members, values] = [membersOf(schema[5]), (output ?? {}) as Values];
    const code = members.find(([, member]) => member.getMergedTraits().httpResponseCode)?.[0];
    const body = bodyOf(schema[5], members, values);
    const type = typeof body === 'string' && body.startsWith('<?xml') ? 'application/xml' : 'binary/octet-stream';
    return {
      status: code === undefined ? status : Number(values[code] ?? status),
      headers: { ...(body.length > 0 && { 'content-type': type }), ...headersOf(members, values) },
      body,
    };
  };
};

export const createRestXmlCodec = (model: ServiceModel): Codec => {
  const routes = compileRoutes(model);
  const routeOf = (request: WireRequest): Route | undefined => routes.find((route) => route.labels(request) !== undefined);
  const read = createRequestReader(model);
  const write = createReplyWriter(model);
  const idHeaders = (requestId: string): Readonly<Record<string, string>> =>
    model.service === 's3' ? { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId } : { 'x-amzn-requestid': requestId };
  return {
    name: (request): Named => {
      const route = routeOf(request);
      return route === undefined
        ? { action: `${request.method} ${request.path}` }
        : { action: route.schema[2], schema: route.schema };
    },
    parse: (schema, request) => {
      const route = routes.find((each) => each.schema === schema);
      if (route === undefined) throw new AwsError('InvalidAction', `${schema[2]} has no path.`);
      return read(schema, route, request);
    },
    reply: (schema, output, requestId): WireReply => {
      const status = routes.find((each) => each.schema === schema)?.status ?? 200;
      const reply = write(schema, status, output);
      return { ...reply, headers: { ...reply.headers, ...idHeaders(requestId) } };
    },
    refuse: ({ code, message, status }, requestId): WireReply => {
      const inner = `<Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>`;
      const type = status < 500 ? 'Sender' : 'Receiver';
      const body =
        model.service === 's3'
          ? `<Error>${inner}<RequestId>${requestId}</RequestId></Error>`
          : `<ErrorResponse xmlns="${model.xmlNamespace}"><Error><Type>${type}</Type>${inner}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
      return {
        status,
        headers: { 'content-type': 'application/xml', ...idHeaders(requestId) },
        body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
      };
    },
  };
};

import { JsonShapeDeserializer2, JsonShapeSerializer2 } from '@aws-sdk/core/protocols';
import { AwsError } from '../operation.ts';
import type { Codec, Named } from './codec.ts';
import type { WireReply } from './http.ts';
import type { ServiceModel } from './schemas.ts';

/** JSON-RPC protocols: `X-Amz-Target` names the operation. https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */

/** `epoch-seconds`, the format of timestamps in JSON (Smithy's number for it). */
const EPOCH_SECONDS = 7;
const settings = { timestampFormat: { useTrait: true, default: EPOCH_SECONDS } as const, jsonName: false };

const parseJson = (text: string): unknown => {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch (cause) {
    throw Object.assign(new AwsError('SerializationException', 'The request is not valid JSON.'), { cause });
  }
};

export const createJsonCodec = (model: ServiceModel): Codec => {
  const version = model.protocol === 'awsJson1_0' ? '1.0' : '1.1';
  const headers = (requestId: string) => ({
    'content-type': `application/x-amz-json-${version}`,
    'x-amzn-requestid': requestId,
  });
  const reader = new JsonShapeDeserializer2(settings);
  const writer = new JsonShapeSerializer2(settings);
  return {
    name: ({ headers: sent }): Named => {
      const target = String(sent['x-amz-target'] ?? '');
      const action = target.startsWith(`${model.target}.`) ? target.slice(model.target.length + 1) : target;
      const schema = model.operations.get(action);
      return schema === undefined ? { action } : { action, schema };
    },
    parse: (schema, { body }) => reader.readObject(schema[4] as never, parseJson(body.toString('utf8')) as never),
    reply: (schema, output, requestId): WireReply => {
      if (output === undefined) return { status: 200, headers: headers(requestId), body: '{}' };
      writer.write(schema[5] as never, output);
      return { status: 200, headers: headers(requestId), body: writer.flush() as string | Uint8Array };
    },
    refuse: ({ code, message, status }, requestId): WireReply => ({
      status,
      headers: {
        ...headers(requestId),
        ...(model.queryCompatible && { 'x-amzn-query-error': `${code};${status < 500 ? 'Sender' : 'Receiver'}` }),
      },
      body: JSON.stringify({ __type: code, message }),
    }),
  };
};

import type { AwsError } from '../operation.ts';
import type { WireReply, WireRequest } from './http.ts';
import { createJsonCodec } from './json.ts';
import { createQueryCodec } from './query.ts';
import { createRestXmlCodec } from './rest-xml.ts';
import type { OperationSchema, ServiceModel } from './schemas.ts';

export type Named = {
  /** What the request calls it, or a description when it names nothing. */
  readonly action: string;
  /** Absent when the service has no such operation. */
  readonly schema?: OperationSchema;
};

/** One protocol of one service, both ways. */
export type Codec = {
  readonly name: (request: WireRequest) => Named;
  /** The SDK's `XCommandInput`. Throws `AwsError` for what cannot be read. */
  readonly parse: (schema: OperationSchema, request: WireRequest) => unknown;
  readonly reply: (schema: OperationSchema, output: unknown, requestId: string) => WireReply;
  readonly refuse: (error: AwsError, requestId: string) => WireReply;
};

export const createCodec = (model: ServiceModel): Codec => {
  switch (model.protocol) {
    case 'ec2Query':
    case 'awsQuery':
      return createQueryCodec(model);
    case 'awsJson1_0':
    case 'awsJson1_1':
      return createJsonCodec(model);
    case 'restXml':
      return createRestXmlCodec(model);
  }
};

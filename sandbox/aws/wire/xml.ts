import { XmlShapeDeserializer, XmlShapeSerializer } from '@aws-sdk/core/protocols';
import type { ServiceModel } from './schemas.ts';

/** `date-time`, the format that XML and Query protocols fall back to (Smithy's number for it). */
const DATE_TIME = 5;

export const xmlSettings = (model: ServiceModel, httpBindings: boolean) => ({
  timestampFormat: { useTrait: true, default: DATE_TIME } as const,
  httpBindings,
  xmlNamespace: model.xmlNamespace,
  serviceNamespace: model.namespace,
});

export const createXmlWriter = (model: ServiceModel) => {
  const serializer = new XmlShapeSerializer(xmlSettings(model, false));
  return (schema: Parameters<XmlShapeSerializer['write']>[0], value: unknown): string => {
    serializer.write(schema, value);
    return `<?xml version="1.0" encoding="UTF-8"?>\n${serializer.flush()}`;
  };
};

export const createXmlReader = (model: ServiceModel): XmlShapeDeserializer => new XmlShapeDeserializer(xmlSettings(model, false));

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** For the envelopes of errors, which have no schema. */
export const escapeXml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);

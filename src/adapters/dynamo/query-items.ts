import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';

/** Which items of one partition: those whose sort key begins with a text, or comes after one. */
export type SortKeys = { readonly beginsWith: string } | { readonly after: string };

/** All of them, page by page, strongly consistent, in the order of their sort keys. */
export async function* queryItems(
  table: { readonly client: DynamoDBDocumentClient; readonly tableName: string },
  PK: string,
  sortKeys: SortKeys,
): AsyncGenerator<Record<string, unknown>> {
  const [condition, bound] =
    'after' in sortKeys ? ['SK > :bound', sortKeys.after] : ['begins_with(SK, :bound)', sortKeys.beginsWith];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await table.client.send(
      new QueryCommand({
        TableName: table.tableName,
        ConsistentRead: true,
        KeyConditionExpression: `PK = :pk AND ${condition}`,
        ExpressionAttributeValues: { ':pk': PK, ':bound': bound },
        ...(ExclusiveStartKey && { ExclusiveStartKey }),
      }),
    );
    yield* page.Items ?? [];
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
}

export const collect = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
};

/** What the world keeps for the smaller services. All of it may be missing: a world made without it derives what it can. */

/** A record besides those that every zone has (SOA, NS) and the aliases in `WorldState.names`. */
export type ZoneRecord = { name: string; type: 'A' | 'AAAA' | 'CNAME' | 'MX' | 'TXT'; ttlSeconds: number; values: string[] };

export type HostedZone = {
  /** `Z0123456789ABCDEFGHIJ` */
  id: string;
  /** `example.com`, without the dot at its end. */
  name: string;
  private: boolean;
  nameServers: string[];
  records: ZoneRecord[];
};

/** Route 53 asks this address from outside; the records of that name fail over by it. */
export type DnsHealthCheck = { id: string; host: string; protocol: 'HTTP' | 'HTTPS'; port: number; path: string };

export type Key = {
  id: string;
  arn: string;
  state: 'Enabled' | 'Disabled' | 'PendingDeletion' | 'PendingImport' | 'Unavailable';
  description: string;
  createdAt: number;
  manager: 'AWS' | 'CUSTOMER';
};

export type StoredObject = {
  /** Base64. */
  body: string;
  bytes: number;
  etag: string;
  contentType: string;
  /** `AES256` or `aws:kms`. */
  encryption: string;
  kmsKeyId?: string;
  metadata: Record<string, string>;
  storedAt: number;
};

export type Bucket = { name: string; createdAt: number; objects: Record<string, StoredObject> };

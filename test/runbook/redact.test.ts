import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from '../../src/runbook/redact.ts';

/** Put together here, so that no scanner takes the test for a leak. */
const join = (...parts: string[]) => parts.join('');
const ACCESS_KEY = join('AKIA', 'IOSFODNN7EXAMPLE');
const JWT = join('eyJ', 'hbGciOiJIUzI1NiJ9', '.', 'eyJzdWIiOiIxMjM0In0', '.', 'c2lnbmF0dXJl');

describe('takes out', () => {
  it.each<[string, string, string, number?]>([
    ['access keys', `key ${ACCESS_KEY} used`, 'key [redacted] used'],
    [
      'secret keys by their name',
      'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      'aws_secret_access_key = [redacted]',
    ],
    ['session tokens', 'AWS_SESSION_TOKEN=FwoGZXIvYXdzEJr//////', 'AWS_SESSION_TOKEN=[redacted]'],
    ['passwords in environment files', 'DB_PASSWORD=hunter2\nDB_HOST=db', 'DB_PASSWORD=[redacted]\nDB_HOST=db'],
    ['passwords in YAML', '  password: hunter2', '  password: [redacted]'],
    ['passwords in JSON', '{"user":"a","password":"hun ter\\"2","x":1}', '{"user":"a","password":"[redacted]","x":1}'],
    ['passwords in quotes', "secret_key = 'two words'", "secret_key = '[redacted]'"],
    ['API keys', 'apiKey: "abc", "clientSecret": "def"', 'apiKey: "[redacted]", "clientSecret": "[redacted]"', 2],
    ['passwords in URLs', 'postgres://shop:hunter2@db:5432/shop', 'postgres://shop:[redacted]@db:5432/shop'],
    ['tokens without a user in URLs', 'https://:abc@git.example/x', 'https://:[redacted]@git.example/x'],
    ['tokens in queries', 'GET /cb?access_token=abc&x=1', 'GET /cb?access_token=[redacted]&x=1'],
    [
      'signatures of signed URLs',
      '?X-Amz-Credential=AK&X-Amz-Signature=ff00',
      '?X-Amz-Credential=[redacted]&X-Amz-Signature=[redacted]',
      2,
    ],
    ['JSON web tokens', `got ${JWT}.`, 'got [redacted].'],
    ['authorization headers', 'Authorization: Basic dXNlcjpwYXNz', 'Authorization: Basic [redacted]'],
    ['bearer tokens', 'curl -H "authorization: Bearer abcdefghijklmnop1234"', 'curl -H "authorization: Bearer [redacted]"'],
    ['cookies', 'Set-Cookie: sid=abc; Path=/\nnext', 'Set-Cookie: [redacted]\nnext'],
    ['Slack tokens', join('xox', 'b-123456789012-abcdef'), '[redacted]'],
    ['Slack webhooks', join('https://hooks.slack.com/', 'services/T0/B0/abc'), 'https://hooks.slack.com/services/[redacted]'],
    ['GitHub tokens', join('gh', 'p_', 'a'.repeat(36)), '[redacted]'],
    ['Stripe keys', join('sk_', 'live_', 'a'.repeat(24)), '[redacted]'],
    ['private keys', '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nok', '[redacted]\nok'],
    ['private keys that are cut off', 'x\n-----BEGIN PRIVATE KEY-----\nMIIE\nAAAA', 'x\n[redacted]'],
    ['options', 'mysql --password hunter2 -u root', 'mysql --password [redacted] -u root'],
  ])('%s', (_what, text, clean, count = 1) => {
    expect(redact(text)).toEqual({ text: clean, count });
  });
});

describe('leaves', () => {
  it.each([
    'sshd[811]: Failed password for root from 203.0.113.7 port 22',
    'max_tokens=4096 temperature=1',
    'password_file=/run/secrets/db',
    '-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----',
    'monkey: banana, keyboard=us, turkey = bird',
    'http://10.0.1.7:80/health returned 502',
    'user@host:/path and a@b.example',
    'i-0a1 ami-0123456789abcdef0 vol-1',
    '[  12.345678] EXT4-fs (nvme0n1p1): mounted filesystem',
  ])('%s', (text) => {
    expect(redact(text)).toEqual({ text, count: 0 });
  });
});

it('changes nothing the second time', () => {
  const piece = fc.constantFrom(
    'password=',
    '"token": "',
    'abc',
    '\n',
    ' ',
    '"',
    ACCESS_KEY,
    JWT,
    'https://u:p@h/',
    'Cookie: ',
    'Bearer ',
    'Authorization: ',
    '&sig=',
    "'",
    '[redacted]',
    'abcdefghijklmnopqrst',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const { text } = redact(pieces.join(''));
      expect(redact(text)).toEqual({ text, count: 0 });
      expect(text).not.toContain(ACCESS_KEY);
    }),
    { numRuns: 400, seed: 42 },
  );
});

it('takes a long line without blanks in its stride', () => {
  const line = `${'ab.cd-ef_'.repeat(8000)}=x`;
  expect(redact(line)).toEqual({ text: line, count: 0 });
});

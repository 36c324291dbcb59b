/** What the server hands out, and that it is enough, safe and readable. */
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { PAGE_SECURITY_POLICY, readPageAsset } from '../../../sandbox/slack/page/assets.ts';

const FOLDER = new URL('../../../sandbox/slack/page/', import.meta.url);
const scripts = (await readdir(new URL('app/', FOLDER))).map((name) => `/page/app/${name}`);

describe('the page', () => {
  it('loads only what is served, and holds no code of its own', async () => {
    const html = (await readPageAsset('/'))?.body ?? '';
    const addresses = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1]!);
    expect(addresses).toContain('/page/app/main.ts');
    for (const address of addresses) expect(await readPageAsset(address), address).toBeDefined();
    expect(html).not.toMatch(/<script(?![^>]*src=)|<style|\son\w+=|style="/);
  });

  it.each(scripts)('%s runs in a browser: no types, nothing from outside', async (path) => {
    const asset = await readPageAsset(path);
    expect(asset?.contentType).toBe('text/javascript; charset=utf-8');
    const imports = [...(asset?.body ?? '').matchAll(/^(?:import|export) .*?from "([^"]+)"/gm)].map((match) => match[1]!);
    for (const each of imports) expect(scripts).toContain(`/page/app/${each.replace('./', '')}`);
  });

  it.each([
    '/page/assets.ts',
    '/page/app/../assets.ts',
    '/page/../page-api.ts',
    '/page/app/%2e%2e/assets.ts',
    '/page/app/none.ts',
    '/package.json',
    '/page/app/main.ts\0.css',
  ])('does not hand out %j', async (path) => expect(await readPageAsset(path)).toBeUndefined());

  it('may run no foreign or inline code, and load nothing from elsewhere', () => {
    const policy = new Map(
      PAGE_SECURITY_POLICY.split('; ').map((part) => [part.split(' ')[0], part.split(' ').slice(1).join(' ')]),
    );
    expect(policy.get('default-src')).toBe("'none'");
    expect(policy.get('script-src')).toBe("'self'");
    expect(policy.get('style-src')).toBe("'self'");
    expect(policy.get('img-src')).not.toMatch(/https:|\*(?!\s|$|;)/);
  });
});

/** https://www.w3.org/WAI/WCAG22/Understanding/contrast-minimum.html */
const luminance = (hex: string): number => {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
};
const contrast = (one: string, other: string): number => {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light! + 0.05) / (dark! + 0.05);
};

describe('colours', async () => {
  const css = await readFile(new URL('style/tokens.css', FOLDER), 'utf8');
  const colours = (text: string) =>
    new Map([...text.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1]!, match[2]!]));
  const [light = '', dark = ''] = css.split('@media (prefers-color-scheme: dark)');
  const schemes = { light: colours(light), dark: new Map([...colours(light), ...colours(dark)]) };
  const TEXT: readonly (readonly [string, string])[] = [
    ...[
      'surface',
      'surface-raised',
      'surface-quiet',
      'surface-hover',
      'surface-marked',
      'danger-soft',
      'warning-soft',
      'info-soft',
      'success-soft',
    ].flatMap(
      (surface) =>
        [
          ['text', surface],
          ['text-quiet', surface],
          ['link', surface],
        ] as const,
    ),
    ['code', 'surface-quiet'],
    ['mention', 'mention-soft'],
    ['me', 'me-soft'],
    ['warning', 'warning-soft'],
    ['on-strong', 'primary'],
    ['on-strong', 'danger'],
    ['on-strong', 'badge'],
    ['side-text', 'side'],
    ['side-text', 'side-hover'],
    ['side-quiet', 'side'],
    ['side-strong', 'side-current'],
  ];

  it.each(
    Object.entries(schemes).flatMap(([scheme, palette]) =>
      TEXT.map(([text, surface]) => [scheme, text, surface, palette] as const),
    ),
  )('%s: %s can be read on %s', (_, text, surface, palette) =>
    expect(contrast(palette.get(text)!, palette.get(surface)!)).toBeGreaterThanOrEqual(4.5),
  );

  it.each(Object.entries(schemes))('%s: edges of controls and the focus can be seen', (_, palette) => {
    for (const edge of ['line-strong', 'focus'])
      expect(contrast(palette.get(edge)!, palette.get('surface')!)).toBeGreaterThanOrEqual(3);
  });
});

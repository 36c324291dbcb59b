/** Pictures from this machine are shown; others would tell a stranger that someone looks, so their description is. */
import type { ImageBlock, ImageElement } from '@slack/types';
import type { Draw } from './draw.ts';
import { linkNode, plainNodesOf } from './inline.ts';
import { h, type VElement } from './vdom.ts';

const LOOPBACK = /^https?:\/\/(?:127\.0\.0\.1|localhost)(?::\d+)?\//;

type Source = { readonly image_url?: string; readonly slack_file?: { readonly id?: string; readonly url?: string } };

/** Where the picture is, when this page may load it. */
export function pictureAddress({ image_url, slack_file }: Source): string | undefined {
  if (slack_file?.id !== undefined) return `/files/${encodeURIComponent(slack_file.id)}/picture`;
  const url = slack_file?.url ?? image_url;
  return url !== undefined && LOOPBACK.test(url) ? url : undefined;
}

export function imageElement(image: ImageElement, draw: Draw, className: string): VElement {
  const src = pictureAddress(image as Source);
  if (src !== undefined) return h('img', { class: className, attrs: { src, alt: image.alt_text } });
  return h('span.picture-elsewhere', {}, linkNode((image as Source).image_url ?? '', `[Picture: ${image.alt_text}]`, draw));
}

export function imageFigure(block: ImageBlock, draw: Draw): VElement {
  return h(
    'figure',
    {},
    block.title && h('figcaption', {}, plainNodesOf(block.title, draw)),
    imageElement({ ...block, type: 'image' } as ImageElement, draw, 'block-picture'),
  );
}

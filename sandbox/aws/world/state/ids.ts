import type { WorldState } from './state.ts';

/** One draw of a counter-based generator (splitmix32): the same seed gives the same history, and a kept world goes on where it was. */
const draw = (state: WorldState): number => {
  state.draws += 1;
  let z = (Math.imul(state.seed, 0x9e3779b1) + Math.imul(state.draws, 0x6d2b79f5)) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
};

/** So many random hexadecimal digits. */
export const hex = (state: WorldState, digits: number): string => {
  let text = '';
  while (text.length < digits) text += draw(state).toString(16).padStart(8, '0');
  return text.slice(0, digits);
};

/** An EC2 id as they are made today: prefix, `0`, sixteen digits. */
export const ec2Id = (state: WorldState, prefix: string): string => `${prefix}-0${hex(state, 16)}`;

export const uuid = (state: WorldState): string => {
  const digits = hex(state, 32);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20)}`;
};

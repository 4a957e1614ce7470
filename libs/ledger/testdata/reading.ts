/** An action that can be read, how it is read, and others made of it. */
import { controllerId } from '../src/names.js';
import { example } from './examples.js';

export type Body = Readonly<Record<string, unknown>>;

export const reading = {
  controller: controllerId('kz.autosiyliq')!,
  now: Date.parse('2026-03-01T20:00:00Z'),
  zone: 'Asia/Almaty',
};

export const transferred = example('transferred') as Body & { readonly data: Body };

export const withData = (change: Body): Body => ({ ...transferred, data: { ...transferred.data, ...change } });

/** Actions as they come in, for the contract suites. Nothing here is a real person's. */
import { readAction, type Action, type ControllerId } from '#ledger';
import { siyliq } from './engine.js';

export interface Sent {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly controller?: ControllerId;
  readonly source?: string;
  readonly time?: string;
}

export function action({
  id,
  type,
  data,
  controller = siyliq,
  source = 'urn:test',
  time = '2026-02-02T10:15:00+05:00',
}: Sent): Action {
  const read = readAction(
    { specversion: '1.0', id, source, type: `depter.action.${type}.v1`, time, data },
    { controller, now: Date.parse('2026-03-01T10:00:00Z'), zone: 'Asia/Almaty' },
  );
  if (read.ok === undefined) throw new Error(`the suite sends a bad action: ${JSON.stringify(read.refusal)}`);
  return read.ok;
}

/** IINs with a right check digit. */
export const iins = ['900101300017', '850505400018'] as const;

export function collected(id: string, client: string, more: Readonly<Record<string, unknown>> = {}): Action {
  return action({
    id,
    type: 'collected',
    data: {
      person: { client },
      items: ['name', 'phone'],
      origin: { kind: 'subject' },
      purposes: ['loan'],
      basis: 'consent',
      consent: `C-${client}`,
      ...more,
    },
  });
}

/** What a recipient was told to do with what it got. */
import type { OrderState } from './answer.js';
import type { Detail } from './content.js';
import type { Naming } from './naming.js';
import { fill } from './words.js';

/** What the recipient was told, and whether it confirmed. */
export function orderDetail(naming: Naming, { order, on, confirmed }: OrderState): Detail {
  const { words } = naming;
  return {
    text: fill(words.order.told[order], { day: naming.day(on) }),
    badge:
      confirmed === null
        ? { text: words.order.outstanding, tone: 'warn' }
        : { text: fill(words.order.confirmed, { day: naming.day(confirmed) }), tone: 'good' },
  };
}

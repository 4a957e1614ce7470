import type { Projections } from './port.js';

/** The same port, whose promises fail as `told` says: a database's own words may quote what is stored. */
export function failingAs(boards: Projections, told: (failure: unknown) => Error): Projections {
  return new Proxy(boards, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function' || name === 'constructor') return member;
      return async (...values: unknown[]) => {
        try {
          return await (Reflect.apply(member, target, values) as unknown);
        } catch (failure) {
          throw told(failure);
        }
      };
    },
  });
}

import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { controllerId, type ControllerId, readAction } from '#ledger';
import { checkDigit, fictitiousPerson } from './fictitious.js';
import { simulate, type SimulationSettings } from './simulation.js';

const SETTINGS: SimulationSettings = {
  persons: 200,
  seed: '1',
  controller: 'kz.autosiyliq',
  from: '2026-01-01',
  to: '2026-06-30',
};

const hashOf = (settings: SimulationSettings): string => {
  const hash = createHash('sha256');
  for (const line of simulate(settings)) hash.update(line);
  return hash.digest('hex');
};

interface Line {
  readonly id: string;
  readonly type: string;
  readonly data: {
    readonly person: Record<string, string>;
    readonly values?: Record<string, string>;
    readonly [field: string]: unknown;
  };
}

const parsed = (settings: SimulationSettings): Line[] =>
  [...simulate(settings)].map((line) => JSON.parse(line) as Line);

describe('simulate', () => {
  it('gives the same bytes for the same seed, on every platform and in every version', () => {
    expect(hashOf(SETTINGS)).toBe('b8ee235e72f17d2862a4d756b3e34322bc09682e1c034d0d05f05babe1a53970');
    expect(hashOf({ ...SETTINGS, actions: 5000 })).toBe(
      '4935d623f7311d643865e2f1919ab5f94ee57a240077b808f2c600f51b1d241f',
    );
    expect(hashOf({ ...SETTINGS, seed: '2' })).not.toBe(hashOf(SETTINGS));
  });

  it('writes actions that are all understood', () => {
    const controller = controllerId(SETTINGS.controller) as ControllerId;
    const reading = { controller, now: Date.UTC(2026, 6, 1), zone: 'Asia/Almaty' };
    const refused = [SETTINGS, { ...SETTINGS, actions: 5000 }].flatMap((settings) =>
      [...simulate(settings)].flatMap((line) => {
        const read = readAction(JSON.parse(line), reading);
        return 'refusal' in read ? [{ refusal: read.refusal, line }] : [];
      }),
    );
    expect(refused).toEqual([]);
  });

  it('says every action once', () => {
    const ids = parsed(SETTINGS).map((line) => line.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has the mix of a lender: a tenth with four values, a fifth with two numbers, references on four fifths', () => {
    for (const settings of [
      { ...SETTINGS, persons: 1000 },
      { ...SETTINGS, persons: 2000, actions: 50_000 },
    ]) {
      const lines = parsed(settings);
      const share = (test: (line: Line) => boolean) => lines.filter(test).length / lines.length;
      expect(share(({ data }) => Object.keys(data.values ?? {}).length === 4)).toBeCloseTo(0.1, 1);
      expect(share(({ data }) => Object.keys(data.person).length === 2)).toBeCloseTo(0.2, 1);
      expect(share(({ data }) => 'consent' in data || 'contract' in data || 'request' in data)).toBeCloseTo(0.8, 1);
    }
  });

  it('draws people by Zipf: the first has about twice the actions of the second', () => {
    const counts = new Map<string, number>();
    for (const { id } of parsed({ ...SETTINGS, persons: 100, actions: 20_000 })) {
      const person = id.split('-')[1] as string;
      counts.set(person, (counts.get(person) ?? 0) + 1);
    }
    expect((counts.get('0') as number) / (counts.get('1') as number)).toBeCloseTo(2, 0);
  });

  it('refuses settings that make no sense', () => {
    expect(() => simulate({ ...SETTINGS, persons: 0 })).toThrow(RangeError);
    expect(() => simulate({ ...SETTINGS, to: '2025-12-31' })).toThrow(RangeError);
    expect(() => simulate({ ...SETTINGS, from: '2026-02-30' })).toThrow(RangeError);
  });
});

describe('a fictitious person', () => {
  it('has an IIN with a right check digit that nobody else has', () => {
    const all = Array.from({ length: 50_000 }, (_, index) => fictitiousPerson(7, index).iin);
    expect(new Set(all).size).toBe(all.length);
    for (const iin of all) expect(checkDigit(iin.slice(0, 11))).toBe(Number(iin.at(-1)));
  });

  it('is checked by the published weights, the second row too', () => {
    expect(checkDigit('85050540001')).toBe(8);
    expect(checkDigit('91030830001')).toBe(4);
    expect(checkDigit('90010130001')).toBe(7);
  });
});

/** A feed of many lives, in bounded memory: the same settings give the same bytes, on every platform and for ever. */
import { borrower } from './borrower.js';
import { epochDay } from './days.js';
import { Life, type World } from './life.js';
import { Random, seedOf } from './random.js';

export interface SimulationSettings {
  readonly persons: number;
  readonly seed: string;
  readonly controller: string;
  /** First and last day, plain ISO dates. */
  readonly from: string;
  readonly to: string;
  /**
   * So many actions in all, in order of time, drawn by Zipf's law (s = 1) from people most of whose lives are joined
   * midway; without it, whole lives, side by side.
   */
  readonly actions?: number;
}

/** How many lives go on at once; a person's lines stand that near to each other. */
const SIDE_BY_SIDE = 64;
/** A life that is joined midway has had up to so many actions: about one loan. */
const MIDWAY = 30;
/** The stream of draws that belongs to no person. */
const NOBODY = 0xffff_ffff;
export const MOST_PERSONS = 40_000_000;

/**
 * Lines of NDJSON, each with its newline. Throws RangeError where a setting makes no sense; the message names the
 * setting and what it must be.
 */
export function simulate(settings: SimulationSettings): Generator<string, void> {
  const { persons, actions } = settings;
  if (!Number.isInteger(persons) || persons < 1 || persons > MOST_PERSONS) {
    throw new RangeError(`persons must be a whole number from 1 to ${MOST_PERSONS}`);
  }
  if (actions !== undefined && (!Number.isInteger(actions) || actions < 1)) {
    throw new RangeError('actions must be a whole number from 1');
  }
  const world: World = {
    seed: seedOf(settings.seed),
    controller: settings.controller,
    from: epochDay(settings.from),
    to: epochDay(settings.to),
    minute: undefined,
  };
  if (world.to < world.from) throw new RangeError('to must not be before from');
  return actions === undefined ? wholeLives(world, persons) : drawn(world, persons, actions);
}

function* wholeLives(world: World, persons: number): Generator<string, void> {
  const random = new Random(world.seed, NOBODY);
  let born = 0;
  const bear = () => {
    const life = new Life(world, born);
    born += 1;
    return { life, lines: borrower(life) };
  };
  const present = Array.from({ length: Math.min(SIDE_BY_SIDE, persons) }, bear);
  while (present.length > 0) {
    const place = random.below(present.length);
    const one = present[place] as (typeof present)[number];
    const line = one.lines.next().value;
    if (!one.life.over) {
      yield line;
    } else if (born < persons) {
      present[place] = bear();
    } else {
      present[place] = present[present.length - 1] as typeof one;
      present.pop();
    }
  }
}

function* drawn(world: World, persons: number, actions: number): Generator<string, void> {
  const random = new Random(world.seed, NOBODY);
  const shares = zipf(persons);
  const lives = new Map<number, Generator<string, never>>();
  const minutes = (world.to - world.from + 1) * 1440 - 1;
  for (let count = 0; count < actions; count += 1) {
    world.minute = world.from * 1440 + Math.floor((minutes * count) / actions);
    const index = drawnFrom(shares, random);
    let lines = lives.get(index);
    if (lines === undefined) {
      const life = new Life(world, index);
      lines = borrower(life);
      for (let past = life.random.below(MIDWAY); past > 0; past -= 1) lines.next();
      lives.set(index, lines);
    }
    yield lines.next().value;
  }
}

/** Cumulative shares 1, 1/2, 1/3, …; sums and quotients of doubles are the same everywhere. */
function zipf(persons: number): Float64Array {
  const shares = new Float64Array(persons);
  let sum = 0;
  for (let rank = 0; rank < persons; rank += 1) {
    sum += 1 / (rank + 1);
    shares[rank] = sum;
  }
  return shares;
}

function drawnFrom(shares: Float64Array, random: Random): number {
  const target = (random.next() / 4_294_967_296) * (shares[shares.length - 1] as number);
  let low = 0;
  let high = shares.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((shares[middle] as number) > target) high = middle;
    else low = middle + 1;
  }
  return low;
}

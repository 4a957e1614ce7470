/** One simulated person's own clock and pen: turns what happens to them into lines of a feed. */
import { clockTime, isoDay } from './days.js';
import { fictitiousPerson, type Fictitious } from './fictitious.js';
import { Random } from './random.js';

/** What all lives of a simulation have in common. */
export interface World {
  readonly seed: number;
  readonly controller: string;
  /** First and last day, as days since 1970-01-01. */
  readonly from: number;
  readonly to: number;
  /** Where set, the minute (since 1970-01-01, local) at which whatever comes next happens, to whomever. */
  minute: number | undefined;
}

const MINUTES = 1440;
const OPENING = 9 * 60;

export class Life {
  readonly random: Random;
  readonly who: Fictitious;
  readonly #world: World;
  readonly #index: number;
  readonly #byIin: string;
  readonly #byBoth: string;
  readonly #byClient: string;
  #day: number;
  #minute = OPENING;
  #count = 0;
  #linked = false;

  constructor(world: World, index: number) {
    this.#world = world;
    this.#index = index;
    this.random = new Random(world.seed, index);
    this.who = fictitiousPerson(world.seed, index);
    this.#byIin = `{"iin":"${this.who.iin}"}`;
    this.#byBoth = `{"iin":"${this.who.iin}","client":"${this.who.client}"}`;
    this.#byClient = `{"client":"${this.who.client}"}`;
    this.#day = world.from + this.random.below(Math.max(1, Math.floor(((world.to - world.from) * 3) / 4)));
  }

  /** The day of what was written last, since 1970-01-01. */
  get day(): number {
    return this.#day;
  }

  /** Whether the last line lies after the end of the simulation, and so is no part of it. */
  get over(): boolean {
    return this.#day > this.#world.to;
  }

  /** The plain date so many days from the person's present. */
  ahead(days: number): string {
    return isoDay(this.#day + days);
  }

  /** What a system records: at a moment, so many days after what came before. */
  moment(name: string, delayDays: number, data: string): string {
    this.#advance(delayDays);
    return this.#line(name, this.#time(), '', this.#person(), data);
  }

  /** What papers record: of a day. */
  paper(name: string, delayDays: number, data: string): string {
    this.#advance(delayDays);
    return this.#line(name, '', `"on":"${isoDay(this.#day)}",`, this.#person(), data);
  }

  /** What is known of somebody by another identifier alone, before they are known by their number. */
  unnamed(name: string, delayDays: number, person: string, data: string): string {
    this.#advance(delayDays);
    return this.#line(name, this.#time(), '', person, data);
  }

  #time(): string {
    const seconds = this.#count % 60;
    return `"time":"${isoDay(this.#day)}T${clockTime(this.#minute)}:${seconds < 10 ? '0' : ''}${seconds}+05:00",`;
  }

  #line(name: string, time: string, on: string, person: string, data: string): string {
    this.#count += 1;
    const { seed, controller } = this.#world;
    return (
      `{"specversion":"1.0","id":"${seed.toString(16)}-${this.#index}-${this.#count}","source":"urn:example:simulated-los",` +
      `"type":"depter.action.${name}.v1",${time}"controller":"${controller}","data":{${on}"person":${person},${data}}}\n`
    );
  }

  /** A fifth of all lines gives both numbers; once they are tied, some of the rest give the lender's own alone. */
  #person(): string {
    const draw = this.random.below(20);
    if (draw < 4) {
      this.#linked = true;
      return this.#byBoth;
    }
    return draw === 4 && this.#linked ? this.#byClient : this.#byIin;
  }

  #advance(delayDays: number): void {
    const imposed = this.#world.minute;
    if (imposed !== undefined) {
      this.#day = Math.floor(imposed / MINUTES);
      this.#minute = imposed % MINUTES;
      return;
    }
    if (delayDays > 0) {
      this.#day += delayDays;
      this.#minute = OPENING + this.random.below(480);
    } else {
      this.#minute += 1 + this.random.below(5);
    }
    if (this.#minute >= MINUTES) {
      this.#day += 1;
      this.#minute = OPENING;
    }
  }
}

/** Makes the rows of people: of whom a dossier is, and of those whose rows change with theirs. */
import { Logger } from '@nestjs/common';
import { describeFailure } from '#host';
import { standing, type ControllerId, type PersonRecord, type Standing, type SubjectRef } from '#ledger';
import type { Rulebook } from '#packs';
import type { Ledger, StaleDossier } from '#store';
import type { Courtesy } from '../courtesy.js';

export interface StandingsParts {
  readonly controller: ControllerId;
  readonly ledger: Ledger;
  readonly rulebook: Rulebook;
  readonly courtesy: Courtesy;
}

/** Each person once, whichever of their dossiers are stale. */
export async function standingsOf(
  stale: readonly StaleDossier[],
  day: string,
  parts: StandingsParts,
): Promise<readonly Standing[]> {
  const made = new Map<SubjectRef, Standing>();
  for (const { subject, why } of stale) {
    const others = await look(subject, day, parts, made);
    if (why !== 'event') continue;
    // An event may tie people to each other, part them, or change an item that is about another.
    for (const other of others) await look(other, day, parts, made);
  }
  return [...new Set(made.values())];
}

/** The person of a dossier; those are looked at, too, who are linked to it and are somebody else. Gives who is tied to them. */
async function look(
  subject: SubjectRef,
  day: string,
  parts: StandingsParts,
  made: Map<SubjectRef, Standing>,
): Promise<ReadonlySet<SubjectRef>> {
  const tied = new Set<SubjectRef>();
  const ahead = new Set([subject]);
  for (const one of ahead) {
    if (made.has(one) && one !== subject) continue;
    const found = await lookAt(one, day, parts, made);
    for (const other of found.tied) tied.add(other);
    for (const linked of found.linked) ahead.add(linked);
    await parts.courtesy.between();
  }
  return tied;
}

/** Whose rows may change with somebody's, and whose dossiers links lead to from theirs. */
interface Others {
  readonly tied: readonly SubjectRef[];
  readonly linked: readonly SubjectRef[];
}

/** The record itself, which may be huge, is let go with this call: others have their turn and the next is read without it. */
async function lookAt(
  one: SubjectRef,
  day: string,
  { controller, ledger, rulebook }: StandingsParts,
  made: Map<SubjectRef, Standing>,
): Promise<Others> {
  const record = await ledger.person(controller, one);
  if (record === undefined) {
    made.set(one, nobody(one));
    return { tied: [], linked: [] };
  }
  if (!made.has(one)) {
    const stands = standingOf(record, rulebook, day);
    for (const dossier of stands?.linked ?? []) made.set(dossier, stands!);
    // A dossier that no event names yet is nobody's.
    if (stands?.linked.includes(one) !== true) made.set(one, nobody(one));
  }
  const { about, clients, dossiers } = record;
  return {
    tied: [...about.map(({ contact }) => contact), ...clients.map(({ tie }) => tie.client)],
    linked: dossiers.map((dossier) => dossier.subject),
  };
}

const LOG = new Logger('projector');

/** A fault of Depter in one person's fold keeps nobody else off the boards; it is told by its place alone. */
function standingOf(record: PersonRecord, rulebook: Rulebook, day: string): Standing | undefined {
  try {
    return standing(record, rulebook, day);
  } catch (fault) {
    LOG.error(`a standing cannot be told: ${JSON.stringify(describeFailure(fault))}`);
    return undefined;
  }
}

function nobody(subject: SubjectRef): Standing {
  return { subject, linked: [subject], clocks: [], findings: [], outstanding: new Map(), changesOn: null };
}

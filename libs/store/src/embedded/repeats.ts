/** The outcome of an action that the writer answered. */
import type { SubjectRef } from '#ledger';
import { StoreFailure, type Outcome } from '../ports.js';
import type { Controller } from '../sealing/controller.js';
import { idText } from '../sealing/mint.js';
import { judgeRepeat } from '../sealing/repeat.js';
import type { Answer } from './group-frame.js';
import type { Drafted } from './job.js';
import type { KeyRing } from './key-ring.js';

export class Repeats {
  readonly #ring: KeyRing;

  constructor(ring: KeyRing) {
    this.#ring = ring;
  }

  /** Throws StoreFailure `changed` where the writer says so. */
  outcome(controller: Controller, draft: Drafted, answer: Answer): Outcome {
    const { firstId: event, subject, entry } = draft;
    if (answer.kind === 'changed') throw new StoreFailure('changed', 'a dossier has grown since it was read', false);
    if (answer.kind === 'recorded') {
      const { position, receipt } = answer;
      if (entry === undefined) return { kind: 'recorded', event, position, subject };
      return { kind: 'recorded', event, position, subject, entry, ...(receipt !== undefined && { receipt }) };
    }
    const { coming } = answer;
    const judged = judgeRepeat(coming && { contentHash: coming.contentHash, digest: coming }, answer.digest, {
      alive: () => this.#ring.alive(controller.id, answer.subject),
      opener: () => this.#ring.opener(controller.id, answer.subject),
    });
    if (judged !== 'repeated') return { kind: judged };
    const first = answer.subject === null ? null : (idText(answer.subject) as SubjectRef);
    return { kind: 'repeated', event, position: answer.position, subject: first };
  }
}

/** What an action is that came before: the same, another under its name, or that of a person since destroyed. */
import type { SubjectRef } from '#ledger';
import type { Outcome } from '../ports.js';
import type { Controller } from './controllers.js';
import type { Answer, FramedDigest } from './group-frame.js';
import type { KeyRing } from './key-ring.js';
import { idText } from './mint.js';
import { DIGEST_LABEL, digestUnder } from './seal.js';
import type { Draft } from './scribe.js';

export class Repeats {
  readonly #ring: KeyRing;

  constructor(ring: KeyRing) {
    this.#ring = ring;
  }

  outcome(controller: Controller, draft: Draft, answer: Answer): Outcome {
    const { firstId: event, subject, entry } = draft;
    if (answer.kind === 'recorded') {
      const { position, receipt } = answer;
      return { kind: 'recorded', event, position, subject, entry, ...(receipt !== undefined && { receipt }) };
    }
    if (answer.digest === null) {
      // Erased with an item whose value the action brought: it is known by its id alone, while its person is there.
      if (!this.#ring.alive(controller.id, answer.subject)) return { kind: 'gone' };
    } else if (!sameDigest(answer.digest, draft.digest)) {
      const same = this.#compare(controller, draft, answer.subject, answer.digest);
      if (same !== 'repeated') return { kind: same };
    }
    const first = answer.subject === null ? null : (idText(answer.subject) as SubjectRef);
    return { kind: 'repeated', event, position: answer.position, subject: first };
  }

  /** The digest was made under the key that the dossier had then: of another dossier, or before an item was shredded. */
  #compare(
    controller: Controller,
    { contentHash }: Draft,
    subject: Uint8Array | null,
    stored: FramedDigest,
  ): 'repeated' | 'conflict' | 'gone' {
    const key = this.#ring.opener(controller.id, subject).key(stored.key, DIGEST_LABEL);
    if (key === undefined) return 'gone';
    if (contentHash === null) return 'conflict';
    return digestUnder(key, contentHash).equals(stored.digest) ? 'repeated' : 'conflict';
  }
}

function sameDigest(a: FramedDigest, b: FramedDigest | null): boolean {
  return b !== null && Buffer.from(a.key).equals(b.key) && Buffer.from(a.digest).equals(b.digest);
}

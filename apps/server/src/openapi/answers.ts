/** The forms of the answers, as OpenAPI tells them. */
import { z } from 'zod';
import { KEY_ROLES, VIEWS } from '#ledger';
import { DUTIES } from '#packs';

const reference = z.string();
const day = z.string().meta({ format: 'date' });
const instant = z.string().meta({ format: 'date-time' });
const position = z.int().min(0);
const moment = { asOf: z.string(), asKnown: z.union([position, z.string()]) };
const hashes = z.array(z.string().meta({ contentEncoding: 'base64' }));
const labels = z.object({ ky: z.string(), kk: z.string(), ru: z.string(), en: z.string() });
const noticed = { clause: z.string(), pack: z.string(), mark: z.enum(['P', 'V', 'S', 'M']) };
const page = { next: position.optional() };
const cursor = { next: z.string().optional() };

const lineAnswer = z.object({
  line: z.int().min(1),
  status: z.enum(['recorded', 'repeated', 'refused']),
  event: reference.optional(),
  position: position.optional(),
  problem: z.object({ code: z.string(), pointer: z.string().optional(), line: z.int() }).optional(),
});

const finding = z.object({
  code: z.string(),
  on: day,
  items: z.array(z.string()),
  recipient: z.string().optional(),
  clause: z.string().nullable(),
  pack: z.string().nullable(),
  state: z.enum(['open', 'closed']),
  closedOn: day.optional(),
});

const clock = z.object({
  duty: z.enum(DUTIES),
  items: z.array(z.string()).optional(),
  recipient: z.string().optional(),
  trigger: z.string(),
  on: day,
  due: day.nullable(),
  term: z.string(),
  clause: z.string(),
  pack: z.string(),
  mark: z.string(),
  binds: z.boolean(),
  provisional: z.boolean(),
  state: z.enum(['running', 'met', 'late', 'extended', 'paused', 'superseded']),
  metOn: day.optional(),
});

const count = z.int().min(0);

const destruction = {
  act: z.enum(['destroyed', 'depersonalised']),
  items: z.union([z.array(z.string()), z.literal('all')]),
};

const provenEntry = z.object({
  position,
  entry: z.string().meta({ contentEncoding: 'base64' }),
  receipt: z.string(),
});

const wanted = { clause: z.string(), pack: z.string() };
/** What the form of a request lacks, and what only a reader of it can say. */
const formJudged = {
  defects: z
    .array(
      z.object({ defect: z.enum(['channel', 'writing', 'documents', 'identification', 'representation']), ...wanted }),
    )
    .optional(),
  toCheck: z
    .array(
      z.object({
        want: z.enum(['own-email', 'subject-line']),
        lines: z.array(z.object({ language: z.enum(['ky', 'kk', 'ru', 'en']), text: z.string() })).optional(),
        ...wanted,
      }),
    )
    .optional(),
};

const outcome = z.enum(['open', 'answered', 'refused', 'answered-in-part']);
const requestRow = z.object({
  id: reference,
  request: z.string(),
  right: z.string(),
  on: day,
  state: outcome,
  due: day.optional(),
  complaints: z.array(z.object({ on: day, to: z.string() })).optional(),
  orders: z.array(z.object({ on: day, by: z.string(), what: z.string() })).optional(),
  ...formJudged,
});

const trailRow = {
  position,
  event: reference,
  type: z.string(),
  at: z.string(),
  recorded: instant,
  by: z.string().nullable(),
  entry: z.string().meta({ contentEncoding: 'base64' }),
};

const key = {
  id: reference,
  controller: z.string(),
  role: z.enum(KEY_ROLES),
  subject: reference.nullable(),
  created: instant,
};

const person = z.record(z.string(), z.string());

const item = z.object({
  item: z.string(),
  about: reference.optional(),
  value: z.string().optional(),
  state: z.enum(['active', 'kept', 'blocked', 'stopped', 'destroyed', 'depersonalised']),
  from: z.array(z.object({ kind: z.string(), on: day })),
  purposes: z.array(z.object({ purpose: z.string(), basis: z.string().nullable(), state: z.string(), since: day })),
  shared: z.array(z.object({ recipient: z.string(), country: z.string(), purposes: z.array(z.string()), on: day })),
  until: z.object({ kind: z.enum(['date', 'event', 'silent', 'gone']) }),
  fate: z.object({ kind: z.enum(['destroyed', 'depersonalised']), on: day }).nullable(),
});

export const ANSWERS = {
  LineAnswer: lineAnswer,
  ActionAnswers: z.array(lineAnswer),
  ActionAnswer: z.object({
    status: z.enum(['recorded', 'repeated']),
    event: reference,
    position,
    entry: z.string().meta({ contentEncoding: 'base64' }),
    receipt: z.string(),
    findings: z.array(finding).optional(),
  }),
  PendingAnswer: z.object({
    status: z.literal('recorded'),
    event: reference,
    entry: z.string().meta({ contentEncoding: 'base64' }),
    receipt: z.literal('pending'),
    findings: z.array(finding).optional(),
  }),
  Commanded: z.object({ event: reference, position, receipt: z.string(), ...formJudged }),
  PendingCommand: z.object({
    event: reference,
    receipt: z.literal('pending'),
    ...formJudged,
  }),
  Decision: z.object({
    decision: z.enum(['permit', 'deny']),
    reasons: z.array(z.object({ code: z.string(), clause: z.string().nullable(), pack: z.string().nullable() })),
  }),
  Found: z.object({ subject: reference }),
  Identity: z.object({ subject: reference, person, linked: z.array(z.object({ subject: reference, person })) }),
  Lineage: z.object({
    controller: z.string(),
    subject: reference,
    ...moment,
    items: z.array(item),
    breaches: z
      .array(z.object({ on: day, cause: z.string(), items: z.array(z.string()), recipients: z.array(z.string()) }))
      .optional(),
    evidence: z.object({ events: z.array(z.looseObject({ position })), checkpoint: z.string() }),
  }),
  Trail: z.object({
    ...moment,
    trail: z.array(z.looseObject({ ...trailRow, receipt: z.string() })),
    ...page,
  }),
  Findings: z.object({ ...moment, findings: z.array(finding), ...page }),
  Clocks: z.object({ ...moment, clocks: z.array(clock), ...page }),
  Requests: z.object({ ...moment, requests: z.array(requestRow), ...page }),
  RequestAnswer: z.object({
    ...moment,
    request: z.string(),
    elements: z.array(z.string()),
    fee: z.enum(['none', 'medium-only']),
    outcome,
    until: day.optional(),
  }),
  Evidence: z.object({
    ...moment,
    entries: z.array(z.looseObject(trailRow)),
    duties: z.array(z.enum(DUTIES)),
    clocks: z.array(clock),
    requests: z.array(requestRow),
    findings: z.array(finding),
    checkpoint: z.string().nullable(),
    cosigned: z.object({ size: position, at: instant }).nullable(),
    receipts: z.array(z.object({ position, receipt: z.string().nullable() })),
  }),
  Destructions: z.object({
    asOf: z.string(),
    destructions: z.array(
      z.object({ event: reference, position, ...destruction, at: z.string(), reported: z.literal(true).optional() }),
    ),
  }),
  Certificate: z.object({
    controller: z.string(),
    subject: reference,
    event: reference,
    ...destruction,
    method: z.string().nullable(),
    at: z.string(),
    recorded: instant,
    evidence: z.object({
      dossiers: count, identifiers: count, values: count, texts: count, intent: reference, keys: z.array(reference),
      shredded: instant, swept: instant, size: count, root: z.string(),
    }).nullable(),
    intent: provenEntry.nullable(),
    outcome: provenEntry,
    verifierKey: z.string(),
  }), // prettier-ignore
  Board: z.object({
    ...moment,
    clocks: z.array(z.object({ subject: reference.optional(), ...clock.shape })),
    ...cursor,
  }),
  DueBoard: z.object({
    ...moment,
    due: z.array(z.object({ subject: reference.optional(), ...clock.shape })),
    ...cursor,
  }),
  FindingBoard: z.object({
    ...moment,
    findings: z.array(z.object({ subject: reference.optional(), ...finding.shape })),
    ...cursor,
  }),
  Access: z.object({
    ...moment,
    access: z.array(z.object({ by: reference.nullable(), role: z.enum(KEY_ROLES), view: z.enum(VIEWS), on: day })),
    ...page,
  }),
  Recipients: z.object({
    ...moment,
    recipients: z.array(
      z.object({
        recipient: z.string(),
        role: z.string().nullable(),
        country: z.string().nullable(),
        contract: z.string().optional(),
        undertakings: z.array(z.string()),
        needs: z.array(z.string()),
        validUntil: day.optional(),
        outstanding: z.int().nonnegative().optional(),
      }),
    ),
    ...page,
  }),
  Staff: z.object({
    ...moment,
    staff: z.array(
      z.object({
        staff: z.string(),
        access: z.array(z.string()),
        ended: day.optional(),
        undertakings: z.array(z.string()),
        until: z.string().optional(),
      }),
    ),
    ...page,
  }),
  Register: z.object({
    ...moment,
    register: z.array(
      z.object({
        version: z.int().min(1),
        on: day,
        fields: z.array(z.string()),
        entry: z.record(z.string(), z.string()),
        toCheck: z.array(z.object({ want: z.enum(['agreed-list', 'security-level']), ...wanted })).optional(),
      }),
    ),
    ...page,
  }),
  Packs: z.object({
    ...moment,
    packs: z.array(
      z.object({
        pack: z.string(),
        edition: z.string(),
        from: day.nullable(),
        to: day.optional(),
        hash: z.string().nullable(),
        cited: z.string().optional(),
        change: z
          .object({
            notice: z.enum(['none', 'may', 'must']),
            channel: z.string().optional(),
            consentFree: z.enum(['any', 'better-protection']),
            clause: z.string(),
          })
          .optional(),
        reevaluating: z.int().positive().optional(),
      }),
    ),
    ...page,
  }),
  Notice: z.object({
    controller: z.string(),
    on: day,
    edition: z.object({ id: z.string(), hash: z.string() }).nullable(),
    demanded: z.object(noticed).nullable(),
    refusable: z.object(noticed).nullable(),
    capacity: z.object({
      years: z.object({ count: z.int().positive(), ...noticed }).nullable(),
      representative: z.object(noticed).nullable(),
    }),
    elements: z.array(z.object({ id: z.string(), labels })),
    items: z.array(
      z.object({
        item: z.string(),
        labels,
        describes: z.enum(['subject', 'other']),
        purposes: z.array(z.string()),
        special: z.array(z.object({ labels, ...noticed })),
        identifyingClaim: z.object(noticed).nullable(),
        ...noticed,
      }),
    ),
    purposes: z.array(z.object({ purpose: z.string(), labels, ...noticed })),
    bases: z.array(z.object({ basis: z.string(), labels, ...noticed })),
    recipients: z.array(z.object({ recipient: z.string(), labels, role: z.string(), country: z.string() })),
    otherUse: z.array(z.object({ id: z.string(), labels, ...noticed })),
    open: z.array(z.object({ of: z.string(), ...noticed })),
  }),
  InclusionProof: z.object({ index: position, size: z.int().min(1), hashes }),
  ConsistencyProof: z.object({ from: position, to: position, hashes }),
  LogKeys: z.object({
    keys: z.array(
      z.object({
        key: z.string(),
        from: instant.nullable(),
        until: instant.nullable(),
        introduction: z.string().nullable(),
      }),
    ),
  }),
  Checkpoints: z.object({
    checkpoints: z.array(z.object({ size: position, cosigned: instant.nullable(), checkpoint: z.string() })),
    ...page,
  }),
  Keys: z.object({ keys: z.array(z.object(key)) }),
  MadeKey: z.object({ key: z.string(), ...key }),
  Time: z.object({ now: instant }),
  Health: z.looseObject({ status: z.string() }),
} as const satisfies Record<string, z.ZodType>;

import type { Months, Words } from '../words.js';

const months: Months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

export const en: Words = {
  name: 'English',
  calendar: { pattern: '{d} {m} {y}', plain: months, from: months, to: months, at: months },
  countries: {},

  title: 'Your personal data',
  tagline: 'What we hold about you, where it came from, who received it and until when we keep it.',
  languages: 'Language',
  skip: 'Go to the answer',
  section: {
    summary: 'In short',
    holding: 'What we hold',
    recipients: 'Who received your data',
    gone: 'What is destroyed',
    marks: 'How sure the legal terms are',
    evidence: 'Evidence',
  },

  fact: {
    asOf: 'As of',
    asKnown: 'Records taken into account up to',
    reference: 'Your number in the ledger',
    positions: 'Records behind this answer',
    checkpoint: 'Signed checkpoint of the ledger',
    recorded: 'When they were written down',
  },
  upTo: 'record No. {position}',

  summary: {
    holds: { one: 'We hold {n} kind of data about you.', other: 'We hold {n} kinds of data about you.' },
    holdsNothing: 'We hold no data about you.',
    uses: 'We use your data for: {purposes}.',
    usesNone: 'We no longer use any of it for our own purposes.',
    kept: {
      one: 'We keep {n} kind only because the law demands it: {why}.',
      other: 'We keep {n} kinds only because the law demands it: {why}.',
    },
    stopped: {
      one: '{n} kind is no longer in use and waits to be destroyed.',
      other: '{n} kinds are no longer in use and wait to be destroyed.',
    },
    blocked: {
      one: '{n} kind is blocked: we store it, but neither use it nor pass it on.',
      other: '{n} kinds are blocked: we store them, but neither use them nor pass them on.',
    },
    destroyed: { one: '{n} kind of data is destroyed.', other: '{n} kinds of data are destroyed.' },
    depersonalised: {
      one: '{n} kind of data is depersonalised: it can no longer be linked to you.',
      other: '{n} kinds of data are depersonalised: they can no longer be linked to you.',
    },
    notUsed: 'Stopped since {day}: {purposes}.',
    shared: { one: 'Passed to {n} recipient: {names}.', other: 'Passed to {n} recipients: {names}.' },
    sharedNone: 'We have passed your data to nobody.',
    abroad: 'Passed abroad: {names}.',
    abroadNone: 'Nobody abroad has received your data.',
    outstanding: {
      rectify: '{recipient}: the correction is not confirmed yet ({items}).',
      block: '{recipient}: the blocking is not confirmed yet ({items}).',
      unblock: '{recipient}: the unblocking is not confirmed yet ({items}).',
      stop: '{recipient}: the end of use is not confirmed yet ({items}).',
      destroy: '{recipient}: the destruction is not confirmed yet ({items}).',
    },
    askToo: '{recipient} has held your data in its own right since {day}: ask there too.',
    breach: {
      controller: '{day}: a breach of the security of your data was found.',
      recipient: '{day}: a breach of the security of your data was found at a recipient.',
      user: '{day}: an incident was recorded that, as far as is known, came about through you yourself.',
    },
    breachItems: 'Data touched: {items}.',
    breachRecipients: 'They were also held by: {names}.',
  },

  state: {
    active: { heading: 'In use', intro: 'We use these data for the purposes named here.' },
    kept: {
      heading: 'Kept because the law demands it',
      intro:
        'We no longer need these data ourselves. We keep them only because the law demands it, and use them for nothing else.',
    },
    blocked: {
      heading: 'Blocked',
      intro: 'We store these data, but may neither use them nor pass them on until the blocking ends.',
    },
    stopped: {
      heading: 'Out of use, to be destroyed',
      intro:
        'We no longer use these data, and nothing makes us keep them. They are to be destroyed by the day named here.',
    },
    destroyed: { heading: 'Destroyed', intro: 'We no longer have these data.' },
    depersonalised: {
      heading: 'Depersonalised',
      intro: 'These data have been changed so that they can no longer be linked to you.',
    },
  },
  keptBecause:
    'Kept only because the law demands it: {why}. We no longer need these data ourselves and use them for nothing else.',
  nothing: {
    held: 'We hold no data about you.',
    shared: 'We have passed your data to nobody.',
    gone: 'None of your data has been destroyed.',
  },

  row: {
    value: 'What is written',
    from: 'Where from',
    purposes: 'What for and on what ground',
    shared: 'Shared with',
    until: 'Until when',
    fate: 'What became of it',
    given: 'What was passed on, and when',
    orders: 'What we asked of this recipient',
    why: 'Why until then',
  },

  origin: {
    subject: 'from you',
    automatic: 'collected automatically when you used the site or the app',
    representative: 'from your representative',
    bureau: 'from a credit bureau',
    'pension-centre': 'from the pension payment centre',
    'state-body': 'from a state body',
    bank: 'from a bank',
    public: 'from public sources',
    'another-subject': 'from another client',
    bought: 'bought from others',
    derived: 'worked out by us from other data',
  },
  originUnknown: 'The source is not recorded.',
  purpose: {
    active: 'in use',
    stopped: 'stopped since {day}',
    ended: 'ended on {day}',
    none: 'No purpose is recorded.',
  },
  ground: 'ground: {basis}',
  for: 'for: {purposes}',
  nobody: 'nobody',
  role: {
    processor: 'Works on our instructions; we answer for it.',
    independent: 'Holds the data in its own right: ask there too.',
    assignee: 'The claim under your contract was assigned to it; it holds the data in its own right: ask there too.',
    authority: 'A state authority.',
    public: 'Open to everyone.',
    place: 'A place where the data are stored.',
  },
  abroad: 'abroad',
  unnamedState: 'a foreign state (not named)',
  countryUnknown: 'country not recorded',

  order: {
    told: {
      rectify: 'Told on {day} to correct the data',
      block: 'Told on {day} to block the data',
      unblock: 'Told on {day} to unblock the data',
      stop: 'Told on {day} to stop using the data',
      destroy: 'Told on {day} to destroy the data',
    },
    outstanding: 'not confirmed yet',
    confirmed: 'confirmed on {day}',
  },

  term: {
    years: { one: '{n} year', other: '{n} years' },
    months: { one: '{n} month', other: '{n} months' },
  },
  minimum: {
    'contract-performed': 'at least {term} after the contract is fully performed',
    collected: 'at least {term} after the data were collected',
    transferred: 'at least {term} after the last transfer for the purpose “{purpose}”',
    held: 'as long as the hold of an authority lasts',
    unknown: 'for a term set by law',
  },
  until: {
    date: {
      purpose: 'Through {day}',
      'legal-minimum': 'By law, through {day}',
      hold: 'By demand of an authority, through {day}',
      duty: 'To be destroyed by {day}',
    },
    event: {
      'contract-performed': 'Until the contract is fully performed',
      'purpose-reached': 'Until the purpose is reached',
      released: 'Until the authority lifts its hold',
      'relation-ended': 'Until our relation with the client who named you ends',
    },
    otherEvent: 'Until an event that has not come yet',
    minimum: 'The law demands that we keep it {why}',
    further: 'and {term} more',
    noDate: 'there is no date yet',
    silent: 'Neither the law nor the organisation’s rules set a term.',
    provisional: 'The day may still shift: the official calendar of that year is not published.',
  },
  reason: {
    purpose: 'the purpose “{purpose}”',
    'legal-minimum': 'the law: {why}',
    hold: 'a hold: {authority}',
    destroy: 'the duty to destroy',
    'destroy-blocked': 'the duty to destroy what is blocked',
    duty: 'a duty under the law',
    binds: 'this one decides',
  },

  fate: {
    destroyed: 'Destroyed on {day}',
    depersonalised: 'Depersonalised on {day}',
    inTime: 'in time (due by {day})',
    late: 'late (due by {day})',
    backups: 'May stay in backup copies until {day}',
    method: {
      act: 'destroyed under a written act',
      degauss: 'demagnetised',
      erase: 'erased',
      incinerate: 'burnt',
      overwrite: 'overwritten',
      shred: 'shredded',
    },
  },

  clause: {
    policy: 'policy, clause {clause}',
    policyIntro: 'policy, introduction',
    law: 'Law No. {act}, Art. {article}',
    act: 'Law No. {act}',
    decree: 'Decree No. {act}',
    code: 'Digital Code',
    codeArticle: 'Digital Code, Art. {article}',
    codeChapter: 'Digital Code, chapter {chapter}',
    faq: 'explanations of the State Agency for Personal Data Protection',
    register: 'register of holders of personal data, No. {field}',
    named: {
      'MFO rules, keeping of messages and documents':
        'Rules of microfinance organisations, on keeping messages and documents',
      'MFO rules, breach of secrecy': 'Rules of microfinance organisations, on breach of secrecy',
    },
    packDefault: 'a term assumed by this ledger',
    first: '{clause} (the first)',
    second: '{clause} (the second)',
  },
  mark: {
    P: 'stated by the policy',
    V: 'checked in the law',
    S: 'from a secondary source',
    M: 'from memory',
  },
  markMeans: {
    P: 'The organisation’s own published policy says so.',
    V: 'Checked in the text of the law itself.',
    S: 'Known from a secondary source; not yet checked in the text of the law itself. Until then it counts.',
    M: 'Written down from memory; still to be confirmed in the official text. Until then it counts.',
  },
  marksIntro: 'Beside each clause stands how well its wording is known.',

  unlisted: {
    item: 'Data on no list',
    purpose: 'A purpose on no list',
    recipient: 'A recipient on no list',
    basis: 'a ground on no list',
  },
  aboutOther: 'about another person',
  aboutOthers: 'about another person, No. {n}',

  evidenceIntro:
    'Each record behind this answer stands in a log from which nothing can be removed, and in which nothing can be changed, without it being noticed. With these numbers anyone entitled to can check it.',
  evidenceNone: 'No records.',
};

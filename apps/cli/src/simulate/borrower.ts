/**
 * What happens between a lender and a borrower, in the words of AUTO SIYLIQ FINANCE's policy: an order, consents in
 * parts, queries, a contract, and whatever follows. Every step is a line of the feed; a life goes on, loan after loan,
 * until whoever reads it stops.
 */
import type { Life } from './life.js';

const ITEMS =
  '"items":["name","iin","id-document","phone","email","address","bank-account","employer","salary","marital-status","cookie","ip","pension-contributions","credit-report","offer"]';
const DOSSIER =
  '"items":["name","iin","id-document","phone","address","bank-account","employer","salary","marital-status","pension-contributions","credit-report","offer"]';
const SUBJECT = '"origin":{"kind":"subject"}';
const PURPOSES = '"purposes":["loan","bureau-report","bureau-supply","advertising","targeting"]';
const STREETS = ['Invented', 'Imaginary', 'Fabled', 'Nowhere', 'Paper', 'Sample'];
const STATUSES = ['single', 'married', 'widowed', 'divorced'];

/** The references of one loan. */
interface Loan {
  readonly number: number;
  readonly contract: string;
  readonly consent: string;
  readonly report: string;
  readonly supply: string;
}

/** One borrower's actions, in an order that makes sense, without end. */
export function* borrower(life: Life): Generator<string, never> {
  if (life.random.chance(5)) yield* enquiry(life);
  for (let number = 1; ; number += 1) {
    const tag = `${life.who.client}-${number}`;
    const loan = { number, contract: `L-${tag}`, consent: `C-${tag}-1`, report: `C-${tag}-2`, supply: `C-${tag}-3` };
    yield* order(life, loan);
    yield* queries(life, loan);
    if (life.random.chance(15)) {
      yield* turnedDown(life, loan);
    } else {
      yield* payout(life, loan);
      yield* meanwhile(life, loan);
      const fate = life.random.below(100);
      if (fate < 75) yield* repaid(life, loan);
      else if (fate < 88) yield* repaidLate(life, loan);
      else yield* ceded(life, loan);
    }
    if (life.random.chance(15)) yield* askedForAccess(life, loan);
  }
}

/** Someone who first was a telephone number, and whose dossiers are joined later. */
function* enquiry(life: Life): Generator<string> {
  const person = `{"phone":"${life.who.phone}"}`;
  const number = `"consent":"E-${life.who.client}"`;
  yield life.unnamed(
    'noticed',
    0,
    person,
    `"items":["phone"],"purposes":["advertising"],"edition":"undated","channel":"phone","language":"kk"`,
  );
  yield life.unnamed(
    'consented',
    0,
    person,
    `${number},"parts":[{"purpose":"advertising"}],"edition":"undated","act":"voice","items":["phone"]`,
  );
  yield life.unnamed(
    'collected',
    0,
    person,
    `"items":["phone"],${SUBJECT},"purposes":["advertising"],"basis":"consent",${number},"values":{"phone":"${life.who.phone}"}`,
  );
  yield life.moment('linked', 2, `"other":${person},"note":"called before the order"`);
}

function* order(life: Life, loan: Loan): Generator<string> {
  const { random, who } = life;
  const language = random.chance(60) ? 'kk' : 'ru';
  const consent = `"consent":"${loan.consent}"`;
  yield life.moment(
    'noticed',
    loan.number === 1 ? 0 : random.between(5, 60),
    `"edition":"undated","channel":"site","language":"${language}",${PURPOSES},${ITEMS}`,
  );
  const border = random.chance(80) ? ',{"cross-border":true}' : '';
  const targeting = random.chance(70) ? ',{"purpose":"advertising"},{"purpose":"targeting"}' : '';
  yield life.moment(
    'consented',
    0,
    `${consent},"edition":"undated","act":"click","parts":[{"purpose":"loan"}${targeting},{"recipient":"kz.pension-centre"},{"recipient":"kz.bank"},{"recipient":"xx.sms"}${border}],"items":["name","iin","id-document","phone","email","address","bank-account","employer","salary","marital-status","cookie","ip","pension-contributions","offer"]`,
  );
  yield life.moment(
    'consented',
    0,
    `"consent":"${loan.report}","edition":"undated","act":"click","parts":[{"purpose":"bureau-report"},{"recipient":"kz.bureau.private"}],"items":["name","iin","credit-report"]`,
  );
  yield life.moment(
    'consented',
    0,
    `"consent":"${loan.supply}","edition":"undated","act":"click","parts":[{"purpose":"bureau-supply"},{"recipient":"kz.bureau.private"}],"items":["name","iin","address","offer"]`,
  );
  yield life.moment(
    'collected',
    0,
    `"items":["name","iin","id-document","address"],${SUBJECT},"purposes":["loan"],"basis":"consent",${consent},"values":${identity(life)}`,
  );
  yield life.moment(
    'collected',
    0,
    `"items":["bank-account","employer","salary","marital-status"],${SUBJECT},"purposes":["loan"],"basis":"consent",${consent},"values":${means(life)}`,
  );
  yield life.moment(
    'collected',
    0,
    `"items":["phone","email"],${SUBJECT},"purposes":["loan"${targeting === '' ? '' : ',"advertising"'}],"basis":"consent",${consent}${random.chance(50) ? `,"values":{"phone":"${who.phone}","email":"${who.email}"}` : ''}`,
  );
  if (targeting !== '')
    yield life.moment(
      'collected',
      0,
      `"items":["cookie","ip"],"origin":{"kind":"automatic"},"purposes":["targeting"],"basis":"consent",${consent}`,
    );
}

function* queries(life: Life, loan: Loan): Generator<string> {
  const { random } = life;
  yield life.moment(
    'transferred',
    0,
    `"items":["name","iin"],"recipient":"kz.pension-centre","purposes":["loan"],"basis":"consent","consent":"${loan.consent}"`,
  );
  yield life.moment(
    'collected',
    0,
    `"items":["pension-contributions"],"origin":{"kind":"pension-centre","name":"kz.pension-centre"},"purposes":["loan"],"basis":"consent","consent":"${loan.consent}"`,
  );
  yield life.moment(
    'transferred',
    0,
    `"items":["name","iin"],"recipient":"kz.bureau.private","purposes":["bureau-report"],"basis":"consent","consent":"${loan.report}"`,
  );
  yield life.moment(
    'collected',
    0,
    `"items":["credit-report"],"origin":{"kind":"bureau","name":"kz.bureau.private"},"purposes":["loan"],"basis":"consent","consent":"${loan.report}"`,
  );
  if (random.chance(50))
    yield life.moment(
      'verified',
      0,
      `"items":["salary","employer"],"with":"kz.pension-centre","result":"${random.chance(95) ? 'match' : 'mismatch'}"`,
    );
  yield life.moment(
    'used',
    0,
    '"items":["salary","pension-contributions","credit-report"],"purposes":["loan"],"automated":true',
  );
  yield life.moment('reached', 0, '"purposes":["bureau-report"]');
}

function* turnedDown(life: Life, loan: Loan): Generator<string> {
  const { random } = life;
  yield life.moment('notified', 1, '"of":"reached","channel":"sms"');
  if (random.chance(40)) yield* withdrawal(life, loan, false);
}

function* payout(life: Life, loan: Loan): Generator<string> {
  const { random } = life;
  const contract = `"contract":"${loan.contract}"`;
  const supply = '"items":["name","iin","address","offer"]';
  yield life.moment(
    'collected',
    random.below(3),
    `"items":["offer"],${SUBJECT},"purposes":["loan"],"basis":"consent","consent":"${loan.consent}",${contract}`,
  );
  yield life.paper(
    'contracted',
    0,
    `${contract},"until":"${life.ahead(random.between(20, 45))}"${random.chance(70) ? ',"terms":["assignment-notice"]' : ''}`,
  );
  yield life.moment(
    'transferred',
    0,
    `${supply},"recipient":"kz.bureau.private","purposes":["bureau-supply"],"basis":"consent","consent":"${loan.supply}"`,
  );
  yield life.moment(
    'transferred',
    0,
    `${supply},"recipient":"kz.bureau.state","purposes":["bureau-supply"],"basis":"law",${contract}`,
  );
  yield life.moment(
    'transferred',
    0,
    `"items":["name","iin","bank-account"],"recipient":"kz.bank","purposes":["loan"],"basis":"consent","consent":"${loan.consent}",${contract}`,
  );
}

/** What may come between payout and payment, in any company. */
function* meanwhile(life: Life, loan: Loan): Generator<string> {
  const { random } = life;
  for (let reminders = random.between(1, 3); reminders > 0; reminders -= 1) yield reminder(life, loan);
  yield life.moment('used', random.between(1, 5), '"items":["phone","name"],"purposes":["loan"]');
  if (random.chance(25)) yield* moved(life, loan);
  if (random.chance(20)) yield* withdrawal(life, loan, true);
  if (random.chance(10)) yield* dispute(life, loan);
  if (random.chance(60))
    yield life.moment(
      'collected',
      1,
      `"items":["bank-account","employer","salary","marital-status"],${SUBJECT},"purposes":["loan"],"basis":"consent","consent":"${loan.consent}","contract":"${loan.contract}","values":${means(life)}`,
    );
}

function reminder(life: Life, loan: Loan): string {
  return life.moment(
    'transferred',
    life.random.between(2, 8),
    `"items":["phone"],"recipient":"xx.sms","purposes":["loan"],"basis":"consent","consent":"${loan.consent}","contract":"${loan.contract}","country":"XX","role":"processor"`,
  );
}

/** A new address, with the identity read again from the paper that proves it. */
function* moved(life: Life, loan: Loan): Generator<string> {
  const { random } = life;
  const request = `"request":"R-${loan.contract}"`;
  const items = '"items":["address"]';
  yield life.paper(
    'requested',
    random.between(1, 10),
    `${request},"right":"rectify",${items},"channel":"cabinet","document":"paper of ${loan.contract}"`,
  );
  yield life.paper(
    'rectified',
    random.below(2),
    `"items":["name","iin","id-document","address"],${request},"values":${identity(life)}`,
  );
  yield life.paper('answered', 0, request);
  for (const recipient of ['kz.bureau.private', 'kz.bureau.state']) {
    yield life.moment(
      'notified',
      random.below(2),
      `"of":"rectify","recipient":"${recipient}",${items},"channel":"api"`,
    );
    if (random.chance(80))
      yield life.moment('confirmed', random.below(4), `"recipient":"${recipient}","order":"rectify",${items}`);
  }
}

function* withdrawal(life: Life, loan: Loan, barred: boolean): Generator<string> {
  const { random } = life;
  const request = `"request":"W-${loan.contract}-${barred ? 1 : 2}"`;
  yield life.paper(
    'withdrew',
    random.between(1, 6),
    `"parts":"all","channel":"${random.chance(50) ? 'email' : 'letter'}",${request}`,
  );
  if (barred)
    yield life.paper(
      'refused',
      random.between(3, 14),
      `${request},"ground":"94-v.8.2.obligation","purposes":["loan","bureau-supply"]`,
    );
  else yield life.paper('answered', random.between(3, 14), request);
  yield life.moment('destroyed', 1, `"items":["cookie","ip"],"method":"erase",${request}`);
  if (!barred)
    yield life.moment(
      'notified',
      0,
      `"of":"stop","recipient":"kz.bureau.private","items":["name","iin"],"channel":"api",${request}`,
    );
}

function* dispute(life: Life, loan: Loan): Generator<string> {
  const { random } = life;
  const request = `"request":"D-${loan.contract}"`;
  const items = '"items":["employer","salary"]';
  const upheld = random.chance(30);
  yield life.paper('disputed', random.between(1, 5), `${items},${request}`);
  yield life.paper('blocked', 1, `${items},"cause":"dispute",${request}`);
  yield life.paper('resolved', random.between(1, 9), `${request},"upheld":${upheld}`);
  if (upheld) yield life.moment('destroyed', 1, `${items},"method":"erase",${request}`);
  else yield life.paper('unblocked', 1, `${items},${request}`);
}

function* repaid(life: Life, loan: Loan): Generator<string> {
  const { random } = life;
  yield reminder(life, loan);
  yield life.paper('performed', random.between(1, 10), `"contract":"${loan.contract}"`);
  yield* supplied(life, loan);
  if (random.chance(20)) {
    const request = `"request":"W-${loan.contract}-3"`;
    yield life.paper('withdrew', random.between(1, 20), `"parts":"all","channel":"letter",${request}`);
    yield life.paper('refused', random.between(3, 15), `${request},"ground":"94-v.8.2.law",${DOSSIER}`);
  }
}

function* supplied(life: Life, loan: Loan): Generator<string> {
  yield life.moment(
    'transferred',
    1,
    `"items":["name","iin","offer"],"recipient":"kz.bureau.private","purposes":["bureau-supply"],"basis":"consent","consent":"${loan.supply}","contract":"${loan.contract}"`,
  );
}

function* repaidLate(life: Life, loan: Loan): Generator<string> {
  yield* arrears(life, loan);
  yield reminder(life, loan);
  yield life.paper('performed', life.random.between(10, 50), `"contract":"${loan.contract}"`);
  yield* supplied(life, loan);
  if (life.random.chance(30))
    yield life.moment(
      'derived',
      0,
      '"items":["deprived-entry"],"from":["name","iin"],"purposes":["deprived-list"],"automated":false',
    );
}

function* arrears(life: Life, loan: Loan): Generator<string> {
  const contract = `"contract":"${loan.contract}"`;
  yield life.paper('defaulted', life.random.between(20, 40), contract);
  yield life.moment('notified', life.random.between(1, 9), `"of":"notify-arrears","channel":"sms",${contract}`);
  yield life.moment('used', 3, '"items":["phone","address"],"purposes":["collect-debt"]');
}

/** The claim goes to a collection agency, after more than 90 days of delay; what only the contract needed is destroyed. */
function* ceded(life: Life, loan: Loan): Generator<string> {
  const { random } = life;
  const contract = `"contract":"${loan.contract}"`;
  yield* arrears(life, loan);
  yield life.moment('notified', random.between(95, 120), `"of":"notify-cession","channel":"letter",${contract}`);
  yield life.paper(
    'ceded',
    7,
    `${contract},"to":"kz.collector","items":["name","iin","id-document","phone","address","offer"],"purposes":["collect-debt"],"basis":"contract"`,
  );
  yield life.moment('destroyed', 1, '"items":["email"],"method":"erase"');
  yield life.moment('notified', 0, '"of":"destroy","recipient":"xx.sms","items":["phone"],"channel":"api"');
  if (random.chance(60))
    yield life.moment('confirmed', random.between(1, 5), '"recipient":"xx.sms","order":"destroy","items":["phone"]');
  yield life.moment('notified', random.between(1, 8), `"of":"notify-transfer","channel":"letter",${contract}`);
  yield life.moment('notified', random.between(5, 15), `"of":"notify-cession","channel":"letter",${contract}`);
}

function* askedForAccess(life: Life, loan: Loan): Generator<string> {
  const request = `"request":"A-${loan.contract}"`;
  yield life.paper('requested', life.random.between(1, 20), `${request},"right":"access","channel":"cabinet"`);
  yield life.moment('identified', 0, `${request},"means":"cabinet"`);
  yield life.paper('answered', life.random.between(0, 2), request);
}

function identity(life: Life): string {
  const { random, who } = life;
  const house = random.between(1, 200);
  const street = STREETS[random.below(STREETS.length)];
  return `{"name":"Fictitious ${who.client}","iin":"${who.iin}","id-document":"FICT-${random.below(1_000_000)}","address":"${house} ${street} Street, Almaty"}`;
}

function means(life: Life): string {
  const { random } = life;
  const status = STATUSES[random.below(STATUSES.length)];
  return `{"bank-account":"KZ00FICT${String(random.below(1_000_000)).padStart(12, '0')}","employer":"Invented Works ${random.below(500)}","salary":"${random.between(80, 900)}000 KZT","marital-status":"${status}"}`;
}

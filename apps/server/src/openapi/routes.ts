/** What OpenAPI says of each route: one row each, in the order of `wire.md`. A test holds it against the routes served. */
import type { Need } from '#host';
import { ON_REQUEST, type CommandName } from '#ledger';

export interface DescribedRoute {
  readonly method: 'get' | 'post' | 'put';
  readonly path: string;
  readonly summary: string;
  readonly need: Need;
  /** Parameters of the address's query, by name of the shared component. */
  readonly query?: readonly string[];
  /** Names of headers that mean something here. */
  readonly headers?: readonly string[];
  /** Content types of the body, each with the name of its schema. */
  readonly body?: Readonly<Record<string, string>>;
  /** Status → content type → name of its schema; null where the content is text or bytes. */
  readonly answers: Readonly<Record<string, Readonly<Record<string, string | null>>>>;
}

const json = (schema: string) => ({ 'application/json': schema });
const person = '/v1/{controller}/subjects/{subject}';
const times = ['asOf', 'asKnown', 'position'];
const list = [...times, 'after', 'limit'];
const board = [...list, 'state'];
const log = '/log/{controller}/{generation}';

/** A command; its summary says what is decided. */
function command(name: CommandName, summary: string): DescribedRoute {
  const onRequest = ON_REQUEST.some((one) => one === name);
  const path = name === 'request' ? 'requests' : onRequest ? `requests/{request}/${name}` : name;
  return {
    method: 'post',
    path: `${person}/${path}`,
    summary,
    need: name === 'request' ? 'ask' : 'command',
    headers: ['Idempotency-Key'],
    body: json(`command.${name}`),
    answers: { 201: json('Commanded'), 202: json('PendingCommand') },
  };
}

export const ROUTES: readonly DescribedRoute[] = [
  {
    method: 'post',
    path: '/v1/{controller}/actions',
    summary: 'Take in one action, a batch, or a stream of any length.',
    need: 'actions',
    query: ['findings', 'answers'],
    body: {
      'application/cloudevents+json': 'Action',
      'application/cloudevents-batch+json': 'ActionBatch',
      'application/x-ndjson': 'Action',
    },
    answers: {
      200: { 'application/json': 'ActionAnswers', 'application/x-ndjson': 'LineAnswer' },
      201: json('ActionAnswer'),
      202: json('PendingAnswer'),
    },
  },
  {
    method: 'post',
    path: '/v1/{controller}/decisions',
    summary: 'Whether an act would be lawful, asked before it is done.',
    need: 'decisions',
    body: json('Question'),
    answers: { 200: json('Decision') },
  },
  {
    method: 'post',
    path: '/v1/{controller}/subjects/find',
    summary: 'The reference of a person, by identifiers.',
    need: 'find',
    body: json('Find'),
    answers: { 200: json('Found') },
  },
  {
    method: 'get',
    path: person,
    summary: 'The identifiers of a person.',
    need: 'identity',
    query: times,
    answers: { 200: json('Identity') },
  },
  {
    method: 'get',
    path: `${person}/lineage`,
    summary: 'What is held on a person: from where, shared with whom, until when.',
    need: 'person',
    query: [...times, 'lang'],
    answers: { 200: { ...json('Lineage'), 'text/html': null } },
  },
  {
    method: 'get',
    path: `${person}/trail`,
    summary: 'Every event of a person, with its receipt.',
    need: 'trail',
    query: list,
    answers: { 200: json('Trail') },
  },
  {
    method: 'get',
    path: `${person}/findings`,
    summary: 'What the rules find wrong.',
    need: 'person',
    query: list,
    answers: { 200: json('Findings') },
  },
  {
    method: 'get',
    path: `${person}/clocks`,
    summary: 'What is owed, from when, until when, by which clause.',
    need: 'person',
    query: list,
    answers: { 200: json('Clocks') },
  },
  {
    method: 'get',
    path: `${person}/requests`,
    summary: 'What a person asked, each with the reference by which commands name it.',
    need: 'person',
    query: list,
    answers: { 200: json('Requests') },
  },
  {
    method: 'get',
    path: `${person}/requests/{request}/answer`,
    summary: 'What is answered to one request.',
    need: 'person',
    query: times,
    answers: { 200: json('RequestAnswer') },
  },
  {
    method: 'get',
    path: `${person}/evidence`,
    summary:
      'What was done to one person, which duties ran and what was found, with proofs and without values; with a request, what bears on that one alone.',
    need: 'person',
    query: [...times, 'request'],
    answers: { 200: json('Evidence') },
  },
  {
    method: 'get',
    path: `${person}/destructions`,
    summary: 'What Depter itself destroyed of a person.',
    need: 'person',
    query: times,
    answers: { 200: json('Destructions') },
  },
  {
    method: 'get',
    path: `${person}/destructions/{event}`,
    summary:
      'The certificate of one of them: what was carried out, with its proofs and without anything of the person.',
    need: 'person',
    query: [...times, 'lang'],
    answers: { 200: { ...json('Certificate'), 'text/html': null } },
  },
  {
    method: 'get',
    path: `${person}/access`,
    summary: 'Who read what of a person.',
    need: 'trail',
    query: list,
    answers: { 200: json('Access') },
  },
  command('request', 'Open a request of a person.'),
  command('answer', 'Answer a request.'),
  command('refuse', 'Refuse a request or a part of it, by a ground that the packs list and whose condition holds.'),
  command('extend', 'Put off the answer to a request, where the law knows that.'),
  command('block', 'Block items.'),
  command('unblock', 'End a block.'),
  command('hold', 'Keep a person’s data for an authority.'),
  command('release', 'End a hold.'),
  command('stop', 'Stop purposes.'),
  command('destroy', 'Destroy items, or all of a person; answered when nothing of it can be read any more.'),
  command(
    'depersonalise',
    'Take away what a person is known by, of items or of all, where the packs let the rest be kept.',
  ),
  {
    method: 'get',
    path: '/v1/{controller}/clocks',
    summary: 'What is owed, by the controller as such and to everybody; of a person by reference, and of today alone.',
    need: 'controller',
    query: board,
    answers: { 200: json('Board') },
  },
  {
    method: 'get',
    path: '/v1/{controller}/due',
    summary: 'The due board: the same in order of the last day.',
    need: 'controller',
    query: board,
    answers: { 200: json('DueBoard') },
  },
  {
    method: 'get',
    path: '/v1/{controller}/findings',
    summary:
      'What is wrong, in the controller’s own matters and with everybody; of a person by reference, and of today alone.',
    need: 'controller',
    query: board,
    answers: { 200: json('FindingBoard') },
  },
  {
    method: 'get',
    path: '/v1/{controller}/recipients',
    summary: 'Recipients, what they undertook and what they owe first.',
    need: 'controller',
    query: list,
    answers: { 200: json('Recipients') },
  },
  {
    method: 'get',
    path: '/v1/{controller}/staff',
    summary: 'Who had access to what, and what they undertook.',
    need: 'controller',
    query: list,
    answers: { 200: json('Staff') },
  },
  {
    method: 'get',
    path: '/v1/{controller}/register',
    summary: 'Every version of the register entry.',
    need: 'controller',
    query: list,
    answers: { 200: json('Register') },
  },
  {
    method: 'get',
    path: '/v1/{controller}/packs',
    summary: 'The editions of the policy, as far as they are in force.',
    need: 'controller',
    query: list,
    answers: { 200: json('Packs') },
  },
  {
    method: 'get',
    path: '/v1/{controller}/notice',
    summary: 'What a person is told before anything is collected, made of the packs; also as a page.',
    need: 'notice',
    query: ['on', 'items', 'lang'],
    answers: { 200: { ...json('Notice'), 'text/html': null } },
  },
  {
    method: 'get',
    path: '/v1/{controller}/events/{event}/receipt',
    summary: 'A receipt of an event under the latest checkpoint.',
    need: 'receipt',
    query: ['position'],
    answers: { 200: { 'text/plain': null } },
  },
  {
    method: 'get',
    path: `${log}/checkpoint`,
    summary: 'The latest signed checkpoint.',
    need: 'open',
    answers: { 200: { 'text/plain': null } },
  },
  {
    method: 'get',
    path: `${log}/vkey`,
    summary: 'The verifier key of the log.',
    need: 'open',
    answers: { 200: { 'text/plain': null } },
  },
  {
    method: 'get',
    path: `${log}/tile/entries/{path}`,
    summary: 'A bundle of entries.',
    need: 'bundles',
    answers: { 200: { 'application/octet-stream': null } },
  },
  {
    method: 'get',
    path: `${log}/tile/{path}`,
    summary: 'A tile of hashes.',
    need: 'open',
    answers: { 200: { 'application/octet-stream': null } },
  },
  {
    method: 'get',
    path: `${log}/proof/inclusion`,
    summary: 'That the entry of an index is in the tree of a size: the path, ready made from the tiles.',
    need: 'open',
    query: ['index', 'size'],
    answers: { 200: json('InclusionProof') },
  },
  {
    method: 'get',
    path: `${log}/proof/consistency`,
    summary: 'That the tree of a size begins with that of an older one.',
    need: 'open',
    query: ['from', 'to'],
    answers: { 200: json('ConsistencyProof') },
  },
  {
    method: 'get',
    path: `${log}/keys`,
    summary: 'The keys that sign the heads or have signed them, each later one with the note that introduces it.',
    need: 'open',
    answers: { 200: json('LogKeys') },
  },
  {
    method: 'get',
    path: `${log}/checkpoints`,
    summary: "The checkpoints that are kept, by size: each day's last, and every cosigned one.",
    need: 'open',
    query: ['after', 'limit'],
    answers: { 200: json('Checkpoints') },
  },
  {
    method: 'get',
    path: '/v1/{controller}/keys',
    summary: 'The keys of a controller, without secrets.',
    need: 'administer',
    answers: { 200: json('Keys') },
  },
  {
    method: 'post',
    path: '/v1/{controller}/keys',
    summary: 'Make a key; its secret is told once.',
    need: 'administer',
    body: json('NewKey'),
    answers: { 201: json('MadeKey') },
  },
  {
    method: 'put',
    path: '/clock',
    summary: 'Move the settable clock forward.',
    need: 'administer',
    body: json('NewTime'),
    answers: { 200: json('Time') },
  },
  {
    method: 'get',
    path: '/health/live',
    summary: 'Whether the process answers.',
    need: 'open',
    answers: { 200: json('Health') },
  },
  {
    method: 'get',
    path: '/health/ready',
    summary: 'Whether work can be taken.',
    need: 'open',
    answers: { 200: json('Health'), 503: json('Health') },
  },
  {
    method: 'get',
    path: '/metrics',
    summary: 'Figures for Prometheus.',
    need: 'administer',
    answers: { 200: { 'text/plain': null } },
  },
  { method: 'get', path: '/openapi.json', summary: 'This document.', need: 'open', answers: { 200: json('Document') } },
  {
    method: 'get',
    path: '/asyncapi.json',
    summary: 'What goes over Kafka.',
    need: 'open',
    answers: { 200: json('Document') },
  },
];

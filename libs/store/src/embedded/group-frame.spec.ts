import { describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { attach, readAttachment, type AttachmentRow } from './attachment.js';
import { GroupWriter, readAnswers, readGroup, writeAnswers, type Answer, type PreparedAction } from './group-frame.js';

const random = (bytes: number): Buffer => Buffer.from(randomBytes(bytes));

describe('a group', () => {
  test('comes out as it went in, each attachment once', () => {
    const shared = attach({ kind: 'link', subject: random(16), other: random(16) });
    const own = attach({ kind: 'tie', client: random(16), contact: random(16), about: random(16) });
    const actions: PreparedAction[] = [
      {
        controller: 1,
        receipt: true,
        digest: { key: random(16), digest: random(16) },
        contentHash: random(32),
        attachments: [shared, own],
        events: [
          {
            id: random(16),
            subject: random(16),
            accessed: false,
            recorded: 1_770_000_000_123,
            entry: random(400),
            corrects: random(16),
            boxes: [],
          },
          {
            id: random(16),
            subject: null,
            accessed: true,
            recorded: 0,
            entry: random(16_384),
            corrects: null,
            boxes: [{ label: 'аты', key: random(16), box: random(99) }],
          },
        ],
      },
      { controller: 4095, receipt: false, digest: null, contentHash: null, attachments: [shared], events: [] },
    ];
    const writer = new GroupWriter(1, 16);
    const senders = actions.map((_, i) => (i === 0 ? random(16) : null));
    const expecting = actions.map((_, i) => (i === 0 ? null : [{ subject: random(16), events: 70_000 }]));
    for (const [i, action] of actions.entries()) writer.add(action, senders[i], expecting[i]);
    expect([writer.events, writer.actions]).toEqual([2, 2]);
    const group = readGroup(writer.take());
    expect(group.attachments.map((bytes) => Buffer.from(bytes))).toEqual(
      [shared.bytes, own.bytes].map((bytes) => Buffer.from(bytes)),
    );
    expect(group.actions).toEqual(
      actions.map(({ contentHash, ...action }, i) => ({
        ...action,
        digest: action.digest && { ...action.digest, contentHash },
        sender: senders[i],
        expecting: expecting[i],
        attachments: action.attachments.map((attachment) => attachment.place),
        events: action.events.map((event) => ({ ...event, leaf: Buffer.concat([Buffer.from([0]), event.entry]) })),
      })),
    );
  });

  test('keeps what an attachment had though it is freed before the group is sent', () => {
    const link = attach({ kind: 'link', subject: random(16), other: random(16) });
    const bytes = Buffer.from(link.bytes);
    const writer = new GroupWriter(7, 1024);
    writer.add({ controller: 1, receipt: false, digest: null, contentHash: null, attachments: [link], events: [] });
    link.bytes = new Uint8Array(0);
    expect(Buffer.from(readGroup(writer.take()).attachments[0]!)).toEqual(bytes);
  });
});

test.each<AttachmentRow>([
  ...[random(32), undefined].map((whole) => ({
    kind: 'dossier' as const,
    controller: 3,
    subject: random(16),
    identifier: 5,
    hmac: random(16),
    box: random(40),
    key: { id: random(16), whole },
  })),
  {
    kind: 'reference',
    controller: 3,
    owner: random(16),
    ref: random(16),
    hmac: random(16),
    key: random(16),
    box: random(300),
  },
  {
    kind: 'reference',
    controller: 3,
    owner: Buffer.alloc(0),
    ref: random(16),
    hmac: random(16),
    key: random(16),
    box: random(28),
  },
  { kind: 'link', subject: random(16), other: random(16) },
  { kind: 'tie', client: random(16), contact: random(16), about: random(16) },
])('an attachment of a $kind comes out as it went in', (row) => {
  expect(readAttachment(attach(row).bytes)).toEqual(row);
});

test('answers come out as they went in', () => {
  const answers: Answer[] = [
    { kind: 'recorded', position: 2 ** 39, receipt: undefined },
    { kind: 'recorded', position: 0, receipt: 'c2sp.org/tlog-proof@v1\n— x\n' },
    {
      kind: 'known',
      position: 7,
      subject: random(16),
      digest: { key: random(16), digest: random(16) },
      coming: { key: random(16), digest: random(16), contentHash: random(32) },
    },
    { kind: 'known', position: 8, subject: null, digest: null, coming: null },
  ];
  expect(readAnswers(writeAnswers(answers))).toEqual(answers);
});

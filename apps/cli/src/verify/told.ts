/** What a verification found, in words: for the terminal, the stand-alone program and the page alike. */
import { formatVerifierKey, type ArchiveReport, type CertificateReport, type Fault } from '#proof';

export function toldReport({
  manifest,
  checkpoint,
  olderCheckpoints,
  entries,
  keys,
  retired,
  unproved,
}: ArchiveReport): string {
  const { controller, from, to, since, before, size, subjects } = manifest;
  const period = from === null && to === null ? 'all' : `${from ?? 'the beginning'} to ${to ?? 'the end'}`;
  // The days are the archive's own words, and no zone is proved: whoever reads this has to see the instants themselves.
  const instants =
    since === null && before === null ? [] : [`  recorded      ${between(since, before)}, as the archive says`];
  return [
    'good',
    `  controller    ${controller}`,
    `  log           ${checkpoint.head.origin}, ${size} entries`,
    `  period        ${period}`,
    ...instants,
    subjects === null
      ? `  entries       ${entries}, each at its place; none recorded ${between(since, before)} is left out`
      : `  entries       ${entries} of one person, each proved by its receipt`,
    `  checkpoints   1 and ${olderCheckpoints} older ones, all of one history`,
    `  cosigned      ${toldCosigned(checkpoint.cosignatures)}`,
    `  key           ${formatVerifierKey(checkpoint.log)}${retired === null ? '' : `, retired at ${retired}`}`,
    `  proved        by the log's signatures: ${subjects === null ? 'log/' : 'log/, and each .entry and .receipt of subject/'}`,
    `  not proved    ${unproved.join(', ')}: as whoever made the archive wrote them`,
    ...(keys === 'given'
      ? []
      : [
          '',
          'The key was taken from the archive itself. Compare it with the one that the controller has published elsewhere, or',
          'give that one with --vkey: a forger could have put a key of his own into the archive.',
        ]),
    '',
  ].join('\n');
}

export function toldCertificate(report: CertificateReport): string {
  const { controller, subject, act, items, method, recorded, done, checkpoint, keys } = report;
  return [
    'good',
    `  certificate   ${act}${done === null ? ', as somebody else carried it out and reported it' : ''}`,
    `  controller    ${controller}`,
    `  log           ${checkpoint.head.origin}, ${checkpoint.head.size} entries`,
    `  person        ${subject}`,
    `  items         ${items === 'all' ? items : items.join(', ')}`,
    ...(method === null ? [] : [`  method        ${method}`]),
    ...(done === null ? [] : [`  shredded      ${done.shredded}`, `  swept         ${done.swept}`]),
    `  recorded      ${recorded}`,
    `  cosigned      ${toldCosigned(checkpoint.cosignatures)}`,
    `  key           ${formatVerifierKey(checkpoint.log)}`,
    `  proved        by the log's signatures: that the controller recorded this, and cannot take it back`,
    `  not proved    that no copy is left elsewhere`,
    ...(keys === 'given'
      ? []
      : [
          '',
          'The key was taken from the certificate itself. Compare it with the one that the controller has published elsewhere, or',
          'give that one with --vkey: a forger could have put a key of his own into the certificate.',
        ]),
    '',
  ].join('\n');
}

/** Who of the witnesses asked for has cosigned a checkpoint, and when. */
export function toldCosigned(cosignatures: ArchiveReport['checkpoint']['cosignatures']): string {
  const all = cosignatures.map(
    ({ witness, timeSeconds }) => `${witness.name} at ${new Date(timeSeconds * 1000).toISOString()}`,
  );
  return all.length === 0 ? 'by nobody that was asked for' : all.join('; ');
}

function between(since: string | null, before: string | null): string {
  if (since === null && before === null) return 'at any time';
  if (before === null) return `at or after ${since}`;
  return since === null ? `before ${before}` : `at or after ${since} and before ${before}`;
}

export function toldFault({ code, place }: Fault): string {
  return `bad: ${code} at ${place}\n`;
}

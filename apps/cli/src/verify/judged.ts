/**
 * What a file that was chosen proves, in words: an export of a log, or a certificate of destruction; the same for the
 * terminal, the stand-alone program and the page.
 */
import { verifyArchive, verifyCertificate, type ArchiveOptions, type Primitives, type RandomAccess } from '#proof';
import { toldCertificate, toldFault, toldReport } from './told.js';

/** JSON begins with it, and no member of an archive does. */
const BRACE = 0x7b;
const CERTIFICATE_BYTES_MAX = 1 << 20;

export interface Judgement {
  readonly good: boolean;
  readonly text: string;
}

export async function judged(primitives: Primitives, file: RandomAccess, options: ArchiveOptions): Promise<Judgement> {
  if (await isCertificate(file)) {
    const certificate = verifyCertificate(primitives, await file.read(0, file.size), options.policy);
    if (!certificate.ok) return { good: false, text: toldFault(certificate.fault) };
    return { good: true, text: toldCertificate(certificate.value) };
  }
  const archive = await verifyArchive(primitives, file, options);
  return archive.ok ? { good: true, text: toldReport(archive.value) } : { good: false, text: toldFault(archive.fault) };
}

async function isCertificate(file: RandomAccess): Promise<boolean> {
  if (file.size === 0 || file.size > CERTIFICATE_BYTES_MAX) return false;
  return (await file.read(0, 1))[0] === BRACE;
}

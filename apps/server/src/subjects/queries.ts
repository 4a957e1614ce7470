import type { Provider } from '@nestjs/common';
import { AccessOfHandler } from './access-of.js';
import { AnswerOfHandler } from './answer-of.js';
import { CertificateOfHandler, DestructionsOfHandler } from './certificate-of.js';
import { ClocksOfHandler } from './clocks-of.js';
import { EvidenceOfHandler } from './evidence-of.js';
import { FindSubjectHandler } from './find-subject.js';
import { FindingsOfHandler } from './findings-of.js';
import { IdentityOfHandler } from './identity-of.js';
import { LineageOfHandler } from './lineage-of.js';
import { PersonReader } from './person-reader.js';
import { Readings } from './readings.js';
import { RequestsOfHandler } from './requests-of.js';
import { TrailOfHandler } from './trail-of.js';

/** What answers the views of a person. */
export const SUBJECT_QUERIES: readonly Provider[] = [
  PersonReader,
  Readings,
  FindSubjectHandler,
  IdentityOfHandler,
  LineageOfHandler,
  TrailOfHandler,
  FindingsOfHandler,
  AccessOfHandler,
  ClocksOfHandler,
  RequestsOfHandler,
  AnswerOfHandler,
  EvidenceOfHandler,
  DestructionsOfHandler,
  CertificateOfHandler,
];

import type { ControllerId } from '#ledger';
import { Query } from '@nestjs/cqrs';
import type { AccessKey } from '#store';
import type { Moment } from './moment.js';
import type { Paging, ReadPage } from './page.js';

/** A view of a person that is a list, asked for page by page. */
export abstract class ListOf<Row> extends Query<ReadPage<Row>> {
  constructor(
    readonly controller: ControllerId,
    readonly subject: string,
    readonly moment: Moment,
    readonly paging: Paging,
    readonly key: AccessKey,
  ) {
    super();
  }
}

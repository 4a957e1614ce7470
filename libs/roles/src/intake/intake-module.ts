import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { RecordAccessHandler } from './record-access.js';
import { RecordActionsHandler } from './record-actions-handler.js';

/** The role that takes in what happened. The store, the rulebooks and the clock come from whoever composes it. */
@Module({ imports: [CqrsModule], providers: [RecordActionsHandler, RecordAccessHandler], exports: [CqrsModule] })
export class IntakeModule {}

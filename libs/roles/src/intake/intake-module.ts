import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { Eraser } from '../eraser/eraser.js';
import { RecordAccessHandler } from './record-access.js';
import { RecordActionsHandler } from './record-actions-handler.js';

/** The role that takes in what happened. The store, the rulebooks and the clock come from whoever composes it. */
@Module({
  imports: [CqrsModule],
  providers: [Eraser, RecordActionsHandler, RecordAccessHandler],
  exports: [CqrsModule, Eraser],
})
export class IntakeModule {}

import { afterAll, beforeAll } from '@jest/globals';
import { EventStoreLog } from '#store';
import { eventStoreAddress, EventStoreServer, onEventStore, onOwnEventStore } from '../running/eventstore.js';
import { eventLogContract, eventLogFaults } from './event-log-contract.js';

onEventStore('the event log in EventStoreDB', () => {
  eventLogContract(async () => new EventStoreLog({ address: eventStoreAddress! }));
});

onOwnEventStore('the event log in an EventStoreDB that is killed', () => {
  let server: EventStoreServer;
  beforeAll(async () => {
    server = await EventStoreServer.start();
  }, 90_000);
  afterAll(() => server.stop());

  eventLogFaults(
    async () => new EventStoreLog({ address: server.address, deadlineMs: 3000 }),
    () => server.kill(),
    () => server.restart(),
  );
});

import { EventStoreLog } from '#store';
import { onEventStore, onOwnEventStore } from '../running/eventstore.js';
import { eventLogContract, eventLogFaults } from './event-log-contract.js';

onEventStore('the event log in EventStoreDB', (address) => {
  eventLogContract(async () => new EventStoreLog({ address: address() }));
});

onOwnEventStore('the event log in an EventStoreDB that is killed', (node) => {
  eventLogFaults(
    async () => new EventStoreLog({ address: node().address, deadlineMs: 3000 }),
    () => node().kill(),
    () => node().restart(),
  );
});

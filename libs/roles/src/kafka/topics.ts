/** One topic for each controller and direction, each with an access list of its own (`design.md`, Kafka). */
import { controllerId, type ControllerId } from '#ledger';

const ACTIONS = 'depter.actions.v1.';

/** Where emitters send actions. */
export const actionsTopic = (controller: ControllerId): string => `${ACTIONS}${controller}`;
/** Where the coordinates of refused ones go. */
export const refusedTopic = (controller: ControllerId): string => `depter.refused.v1.${controller}`;
/** What Depter tells: orders, clocks, findings. */
export const eventsTopic = (controller: ControllerId): string => `depter.events.v1.${controller}`;

/** The consumer group of all that take in one controller's actions. */
export const intakeGroup = (controller: ControllerId): string => `depter.intake.v1.${controller}`;

/** The controller that an actions topic says; undefined of any other topic. */
export function controllerOfActions(topic: string): ControllerId | undefined {
  return topic.startsWith(ACTIONS) ? controllerId(topic.slice(ACTIONS.length)) : undefined;
}

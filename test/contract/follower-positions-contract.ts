/** What every place of followers' positions keeps. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FollowerPositions } from '#store';
import { siyliq, somo } from './engine.js';

export interface PositionsPlace {
  open(): FollowerPositions;
  remove(): Promise<void>;
}

export function followerPositionsContract(name: string, make: () => Promise<PositionsPlace>): void {
  describe(`follower positions: ${name}`, () => {
    let place: PositionsPlace;
    beforeEach(async () => {
      place = await make();
    });
    afterEach(() => place.remove());

    it('begins at 0, and is found again where it was', async () => {
      const positions = place.open();
      expect(await positions.position(siyliq, 'relay')).toBe(0);
      expect(await positions.advance(siyliq, 'relay', 0, 7)).toBe(true);
      expect(await positions.position(siyliq, 'relay')).toBe(7);
      expect(await place.open().position(siyliq, 'relay')).toBe(7);
    });

    it('keeps controllers and followers apart', async () => {
      const positions = place.open();
      await positions.advance(siyliq, 'relay', 0, 7);
      expect(await positions.position(somo, 'relay')).toBe(0);
      expect(await positions.position(siyliq, 'relay-days')).toBe(0);
    });

    it('moves for one of two who advance from the same place', async () => {
      const positions = place.open();
      await positions.advance(siyliq, 'relay', 0, 7);
      expect(await positions.advance(siyliq, 'relay', 0, 9)).toBe(false);
      expect(await positions.position(siyliq, 'relay')).toBe(7);
    });
  });
}

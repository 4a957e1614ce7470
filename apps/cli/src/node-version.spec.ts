import { expect, test } from '@jest/globals';
import { tooOld } from './node-version.js';

test.each(['26.0.0', '26.10.0', '27.1.2'])('Node %s runs it', (version) => expect(tooOld(version)).toBeUndefined());

test.each(['20.19.0', '25.9.1'])('who runs it by Node %s is told which runs it, and how', (version) => {
  expect(tooOld(version)).toContain(`this is Node ${version}`);
  expect(tooOld(version)).toContain('npx depter');
});

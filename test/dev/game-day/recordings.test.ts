import { describe, expect, it } from '@jest/globals';
import { recordVisits } from '../../../dev/game-day/record-visits.ts';
import { readRecordings } from '../../../dev/game-day/recording.ts';

describe('the recordings of the game day', () => {
  it('are what the functions write today. If this fails, run node dev/game-day/record.ts, and look at the change', async () => {
    expect(await recordVisits()).toEqual(readRecordings());
  });
});

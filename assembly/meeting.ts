// How threads wait for each other: they spin on a word in memory, and only after a while go to sleep. Sleeping is left to a
// function of the host, since the baseline compiler of Node 20 corrupts locals around memory.atomic.wait32.

import {
  MEETING_FAILED,
  TEAM_ARRIVED,
  TEAM_MEETINGS,
  TEAM_ORDER,
  TEAM_SHARD_COUNT,
  TEAM_SLEEPERS,
} from './shard-layout';

/** Sleeps while the word at `address` is `value`, until it is woken: an import, `meeting.sleep`. */
declare function sleep(address: usize, value: u32): void;

/** Looks at a word before going to sleep: some tens of microseconds, a multiple of what waking takes. */
const LOOKS: u32 = 20000;

/** Waits until the word at `place` is no longer `value`; returns what it is. */
function change(team: usize, place: usize, value: u32): u32 {
  for (let look: u32 = 0; look < LOOKS; look++) {
    const now = atomic.load<u32>(place);
    if (now != value) return now;
  }
  atomic.add<u32>(team, 1, TEAM_SLEEPERS);
  let now = atomic.load<u32>(place);
  while (now == value) {
    sleep(place, value);
    now = atomic.load<u32>(place);
  }
  atomic.sub<u32>(team, 1, TEAM_SLEEPERS);
  return now;
}

/** Waits for the order after the one of number `last`; returns its number. */
export function nextOrder(team: usize, last: u32): u32 {
  return change(team, team + TEAM_ORDER, last);
}

/** Waits until all threads of the team have come here. Returns false if one has failed, and none will come again. */
export function meet(team: usize): bool {
  const meeting = atomic.load<u32>(team, TEAM_MEETINGS);
  if (meeting == MEETING_FAILED) return false;
  const last = load<u32>(team, TEAM_SHARD_COUNT) - 1;
  if (atomic.add<u32>(team, 1, TEAM_ARRIVED) != last)
    return change(team, team + TEAM_MEETINGS, meeting) != MEETING_FAILED;
  atomic.store<u32>(team, 0, TEAM_ARRIVED);
  atomic.store<u32>(team, (meeting + 1) & i32.MAX_VALUE, TEAM_MEETINGS);
  if (atomic.load<u32>(team, TEAM_SLEEPERS) != 0) atomic.notify(team + TEAM_MEETINGS, -1);
  return true;
}

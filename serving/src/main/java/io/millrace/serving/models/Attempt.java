package io.millrace.serving.models;

import java.time.Duration;
import java.time.Instant;

/**
 * A version that could not be loaded.
 *
 * @param revision the version's when it was tried
 * @param reason why, fit for a log
 * @param refused whether the version will not do; otherwise its files could not be reached
 * @param tries how often it was tried as it is
 * @param next not before then it is tried again
 */
record Attempt(String revision, String reason, boolean refused, int tries, Instant next) {
  /** What will not do now will hardly do in a minute: each pause is twice the one before. */
  static final Duration FIRST_PAUSE = Duration.ofMinutes(1);

  static final Duration MAX_PAUSE = Duration.ofHours(1);

  /** What could not be reached may be there again soon. */
  static final Duration FIRST_AWAY_PAUSE = Duration.ofSeconds(1);

  static final Duration MAX_AWAY_PAUSE = Duration.ofMinutes(5);

  /** Doublings beyond which every pause is the longest. */
  private static final int MAX_DOUBLINGS = 20;

  static Attempt first(String revision, String reason, boolean refused, Instant now) {
    return new Attempt(revision, reason, refused, 1, now.plus(pause(refused, 1)));
  }

  /** After another try of the same revision. */
  Attempt again(String reasonNow, boolean refusedNow, Instant now) {
    int count = refused == refusedNow ? tries + 1 : 1;
    return new Attempt(revision, reasonNow, refusedNow, count, now.plus(pause(refusedNow, count)));
  }

  private static Duration pause(boolean refused, int tries) {
    Duration first = refused ? FIRST_PAUSE : FIRST_AWAY_PAUSE;
    Duration longest = refused ? MAX_PAUSE : MAX_AWAY_PAUSE;
    Duration pause = first.multipliedBy(1L << Math.min(tries - 1, MAX_DOUBLINGS));
    return pause.compareTo(longest) < 0 ? pause : longest;
  }
}

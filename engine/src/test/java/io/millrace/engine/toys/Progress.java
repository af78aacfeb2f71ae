package io.millrace.engine.toys;

import io.millrace.engine.backfill.BackfillReport;
import io.millrace.engine.backfill.Backfills;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** Waits for what takes long on a busy machine as long as it goes on. */
public final class Progress {

  private static final Duration SILENCE = Duration.ofMinutes(2);

  private Progress() {}

  /**
   * Waits for the end of a backfill.
   *
   * @throws TimeoutException if no date has begun or ended for two minutes
   */
  public static BackfillReport awaitEnd(Backfills backfills, String id) throws TimeoutException {
    int before = -1;
    while (true) {
      try {
        return backfills.await(id, SILENCE);
      } catch (TimeoutException e) {
        BackfillReport now = backfills.describe(id);
        int done = 2 * now.total() - 2 * now.planned() - now.running();
        if (done <= before) {
          throw e;
        }
        before = done;
      }
    }
  }
}

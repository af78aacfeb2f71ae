package io.millrace.engine.backfill;

import io.millrace.engine.backfill.Backfill.Cancel;
import io.millrace.engine.backfill.Backfill.Reason;
import org.jspecify.annotations.Nullable;

/** What operators have ordered. Each order is checked before it is taken. */
final class BackfillCommands {

  private int maxActive;
  private boolean paused;
  private boolean cancelling;
  private boolean cancelActive;
  private String note;

  BackfillCommands(BackfillRequest request, @Nullable BackfillProgress progress) {
    this.maxActive = progress == null ? request.maxActiveRuns() : progress.maxActiveRuns();
    this.paused = progress != null && progress.paused();
    this.note = progress == null ? "" : progress.note();
  }

  int maxActive() {
    return maxActive;
  }

  boolean isPaused() {
    return paused;
  }

  /** Whether no more runs may start, for good. */
  boolean isCancelling() {
    return cancelling;
  }

  String note() {
    return note;
  }

  /** Whether the active runs must be cancelled now; true once. */
  boolean takeCancelActive() {
    boolean now = cancelActive;
    cancelActive = false;
    return now;
  }

  void pause(Reason reason) {
    requireNotPaused();
    paused = true;
    note = "paused: " + reason.words();
  }

  void resume() {
    requirePaused();
    paused = false;
    note = "";
  }

  void cancel(Cancel how) {
    requireOpen();
    cancelling = true;
    cancelActive = !how.keepActive();
    note = "cancelled: " + how.words();
  }

  /** The workflow itself was cancelled, whatever was ordered before. */
  void cancelAll() {
    cancelling = true;
    cancelActive = true;
    note = "cancelled: the workflow was cancelled";
  }

  void setMaxActive(int most) {
    requireOpen();
    maxActive = BackfillRequest.requireActive(most);
  }

  void requireNotPaused() {
    requireOpen();
    if (paused) {
      throw new IllegalArgumentException("The backfill is already " + note);
    }
  }

  void requirePaused() {
    requireOpen();
    if (!paused) {
      throw new IllegalArgumentException("The backfill is not paused");
    }
  }

  void requireOpen() {
    if (cancelling) {
      throw new IllegalArgumentException("The backfill is already " + note);
    }
  }
}

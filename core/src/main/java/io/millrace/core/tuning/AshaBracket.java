package io.millrace.core.tuning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Judges the trials of one study so that the outcome depends on their losses alone.
 *
 * <p>Textbook ASHA judges a trial against whoever happened to report before it, so the survivors
 * depend on which worker was faster. Here trial {@code i} is judged at a rung against the trials
 * with a smaller number that reached that rung, and therefore only once all of those are judged
 * there or gone. Trials are started by number, so the wait is short, and it holds no worker: a
 * trial between two rungs is a checkpoint, not a process. In return a rerun, a retry or a replay
 * stops exactly the same trials.
 *
 * <p>Not thread-safe; deterministic, for use in workflow code.
 */
public final class AshaBracket {
  /** What becomes of a trial. */
  public enum Verdict {
    /** It trains on to the next rung. */
    CONTINUE,
    /** It is stopped early. */
    STOP,
    /** It has trained all its rounds. */
    COMPLETE
  }

  /** A judgement of one trial at one rung. */
  public record Decision(int trial, int rung, Verdict verdict) {}

  private static final int GONE = Integer.MAX_VALUE;

  private final AshaRule rule;
  private final List<Integer> rungs;
  private final double[][] losses; // [rung][trial], NaN = not there
  private final int[] reported; // rungs a trial has reported
  private final int[] judged; // rungs a trial was judged at, GONE once it stopped or failed

  public AshaBracket(AshaRule rule, int trials) {
    this.rule = rule;
    this.rungs = rule.rungs();
    this.losses = new double[rungs.size()][trials];
    for (double[] rung : losses) {
      Arrays.fill(rung, Double.NaN);
    }
    this.reported = new int[trials];
    this.judged = new int[trials];
  }

  /**
   * A trial has reached a rung.
   *
   * @param loss lower is better; not a number counts as worst
   * @return the judgements that this makes possible, of this trial and of others, in a fixed order
   * @throws IllegalStateException if the trial is not due at that rung
   */
  public List<Decision> report(int trial, int rung, double loss) {
    if (judged[trial] != rung || reported[trial] != rung) {
      throw new IllegalStateException(
          "Trial %d reported rung %d but is at rung %d, judged at %d"
              .formatted(trial, rung, reported[trial], judged[trial]));
    }
    losses[rung][trial] = Double.isNaN(loss) ? Double.POSITIVE_INFINITY : loss;
    reported[trial]++;
    return judgeAll();
  }

  /** A trial failed for good: nobody waits for it any more. */
  public List<Decision> fail(int trial) {
    judged[trial] = GONE;
    return judgeAll();
  }

  private List<Decision> judgeAll() {
    List<Decision> decisions = new ArrayList<>();
    for (int rung = 0; rung < losses.length; rung++) {
      for (int trial = 0; trial < judged.length && judged[trial] >= rung; trial++) {
        boolean due = judged[trial] == rung;
        if (due && reported[trial] == rung) {
          break; // its report is still to come, and every later trial waits for it
        }
        if (due) {
          decisions.add(decide(trial, rung));
        }
      }
    }
    return decisions;
  }

  private Decision decide(int trial, int rung) {
    if (rung == losses.length - 1) {
      judged[trial] = GONE;
      return new Decision(trial, rung, Verdict.COMPLETE);
    }
    int better = 0;
    int among = 1;
    for (int other = 0; other < trial; other++) {
      double loss = losses[rung][other];
      among += Double.isNaN(loss) ? 0 : 1;
      better += loss <= losses[rung][trial] ? 1 : 0; // a tie goes to the smaller number
    }
    boolean survives = rule.survives(better, among);
    judged[trial] = survives ? rung + 1 : GONE;
    return new Decision(trial, rung, survives ? Verdict.CONTINUE : Verdict.STOP);
  }
}

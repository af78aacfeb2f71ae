package io.millrace.activities.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One training that survives its worker: it continues from the newest checkpoint, adds rounds, and
 * keeps a checkpoint every few of them.
 *
 * <p>Not thread-safe; one attempt owns it at a time. If two attempts ever overlap, because a worker
 * that was given up for dead is not, both write the same models, so that either may win.
 */
public final class CheckpointedTraining implements AutoCloseable {
  /** What is trained. */
  public record Spec(String key, String identity, Map<String, Object> params, long seed) {}

  /** Told what happens; may throw to end the attempt. */
  public interface Listener {
    /** A round was trained. */
    void trained(int round);

    /** A checkpoint was kept, or found; with the rounds measured since the one before. */
    void kept(List<RoundMetrics> metrics);
  }

  private final ArtifactStore store;
  private final Spec spec;
  private final LongSupplier clock;
  private final List<RoundMetrics> history = new ArrayList<>();
  private final int resumedAt;
  private final ResumableBooster booster;
  // How much of the history the listener knows. After a resume nothing: the worker may have died
  // between keeping a checkpoint and telling of it, and telling twice does no harm.
  private int told;

  private CheckpointedTraining(
      ArtifactStore store,
      Spec spec,
      LongSupplier clock,
      ResumableBooster booster,
      List<RoundMetrics> history) {
    this.store = store;
    this.spec = spec;
    this.clock = clock;
    this.booster = booster;
    this.resumedAt = booster.rounds();
    this.history.addAll(history);
  }

  /**
   * Opens a training at its newest checkpoint, or at round 0.
   *
   * @param clock epoch milliseconds
   */
  public static CheckpointedTraining open(
      ArtifactStore store, Spec spec, Matrix train, LongSupplier clock) {
    Optional<Checkpoint> found =
        store.get(spec.key()).flatMap(bytes -> Checkpoint.read(bytes, spec.identity()));
    if (found.isEmpty()) {
      ResumableBooster fresh = ResumableBooster.start(train, spec.params(), spec.seed());
      return new CheckpointedTraining(store, spec, clock, fresh, List.of());
    }
    Checkpoint checkpoint = found.get();
    ResumableBooster resumed =
        ResumableBooster.resume(checkpoint.booster(), spec.params(), spec.seed());
    return new CheckpointedTraining(store, spec, clock, resumed, checkpoint.history());
  }

  /**
   * Trains until there are {@code rounds}; does nothing if there are as many.
   *
   * @param validation rows to measure after every round, or null
   * @param pace how often to keep a checkpoint on the way
   */
  public void trainTo(
      int rounds,
      CheckpointPace pace,
      Matrix train,
      @Nullable Matrix validation,
      Listener listener) {
    tell(listener);
    long kept = Long.MAX_VALUE;
    while (booster.rounds() < rounds) {
      booster.update(train);
      long now = clock.getAsLong();
      kept = Math.min(kept, now);
      if (validation != null) {
        double[] metrics = booster.evaluate(validation);
        history.add(new RoundMetrics(booster.rounds(), now, metrics[0], metrics[1]));
      }
      listener.trained(booster.rounds());
      if (booster.rounds() == rounds || pace.due(booster.rounds(), now - kept)) {
        keep();
        tell(listener);
        kept = now;
      }
    }
  }

  private void keep() {
    byte[] bytes =
        new Checkpoint(spec.identity(), booster.rounds(), history, booster.toBytes()).toBytes();
    store.put(spec.key(), bytes, "application/octet-stream");
  }

  private void tell(Listener listener) {
    if (told < history.size()) {
      listener.kept(List.copyOf(history.subList(told, history.size())));
      told = history.size();
    }
  }

  /** The round at which this object took the training up. */
  public int resumedAt() {
    return resumedAt;
  }

  /** How many rounds there are now. */
  public int rounds() {
    return booster.rounds();
  }

  /** Metrics by round, from round 1. */
  public List<RoundMetrics> history() {
    return List.copyOf(history);
  }

  /** Whether this is the training that a spec describes, so that it may be continued for it. */
  public boolean matches(Spec other) {
    return spec.equals(other);
  }

  /** The model in XGBoost's binary format. */
  public byte[] model() {
    return booster.toBytes();
  }

  /** The model in XGBoost's JSON format. */
  public byte[] modelJson() {
    return booster.toJson();
  }

  @Override
  public void close() {
    booster.close();
  }
}

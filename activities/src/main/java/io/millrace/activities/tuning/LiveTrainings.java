package io.millrace.activities.tuning;

import io.millrace.activities.training.CheckpointedTraining;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Trainings between two rungs, kept in the worker that ran the last one: if the next rung comes to
 * the same worker it goes on at once, else from the checkpoint, to the same model. Thread-safe and
 * bounded; who takes a training owns it.
 */
final class LiveTrainings implements AutoCloseable {
  private final int capacity;
  private final Map<String, CheckpointedTraining> trainings = new LinkedHashMap<>();

  LiveTrainings(int capacity) {
    this.capacity = capacity;
  }

  /** Takes the training of a spec if it is here and has exactly these rounds. */
  synchronized Optional<CheckpointedTraining> take(CheckpointedTraining.Spec spec, int rounds) {
    CheckpointedTraining training = trainings.remove(spec.key());
    if (training != null && training.matches(spec) && training.rounds() == rounds) {
      return Optional.of(training);
    }
    if (training != null) {
      training.close();
    }
    return Optional.empty();
  }

  /** Keeps a training; the one kept longest goes if there are too many. */
  synchronized void keep(CheckpointedTraining.Spec spec, CheckpointedTraining training) {
    CheckpointedTraining before = trainings.put(spec.key(), training);
    if (before != null && before != training) {
      before.close();
    }
    Iterator<CheckpointedTraining> oldest = trainings.values().iterator();
    while (trainings.size() > capacity) {
      oldest.next().close();
      oldest.remove();
    }
  }

  /** Forgets what belongs to a study. */
  synchronized void dropBelow(String prefix) {
    trainings
        .entrySet()
        .removeIf(
            entry -> {
              boolean drop = entry.getKey().startsWith(prefix);
              if (drop) {
                entry.getValue().close();
              }
              return drop;
            });
  }

  @Override
  public synchronized void close() {
    dropBelow("");
  }
}

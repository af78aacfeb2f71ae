package io.millrace.engine.testing;

import io.temporal.activity.DynamicActivity;
import io.temporal.common.converter.EncodedValues;
import io.temporal.failure.ApplicationFailure;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Stands in for all activities of a test, and remembers who called. */
final class FakeTasks implements DynamicActivity {

  private final TaskIdHeader header;
  private final Map<String, DagTest.Fake> fakes = new ConcurrentHashMap<>();
  private final Collection<String> calls = new ConcurrentLinkedQueue<>();
  private final Collection<String> unexpected = new ConcurrentLinkedQueue<>();
  private volatile DagTest.@Nullable Fake otherwise;
  private volatile Pattern skipped = Pattern.compile("(?!)");

  FakeTasks(TaskIdHeader header) {
    this.header = header;
  }

  void put(String taskId, DagTest.Fake fake) {
    fakes.put(taskId, fake);
  }

  void otherwise(DagTest.Fake fake) {
    otherwise = fake;
  }

  /** Lets tasks without a fake succeed with no result. */
  void skip(Pattern taskIds) {
    skipped = taskIds;
  }

  List<String> calls() {
    return List.copyOf(calls);
  }

  void failIfUnexpected() {
    if (!unexpected.isEmpty()) {
      throw new AssertionError(
          "No fake for %s; there are fakes for %s".formatted(unexpected, fakes.keySet()));
    }
  }

  @Override
  public @Nullable Object execute(EncodedValues args) {
    String summary = header.current();
    calls.add(summary);
    int bracket = summary.indexOf('[');
    String taskId = bracket < 0 ? summary : summary.substring(0, bracket);
    DagTest.Fake fake = fakes.get(taskId);
    if (fake == null && skipped.matcher(taskId).matches()) {
      return null;
    }
    fake = fake == null ? otherwise : fake;
    if (fake == null) {
      unexpected.add(taskId);
      throw ApplicationFailure.newNonRetryableFailure(
          "No fake for task '%s'".formatted(taskId), "UnexpectedTask");
    }
    try {
      return fake.answer(args);
    } catch (ApplicationFailure e) {
      throw e;
    } catch (Exception e) {
      throw ApplicationFailure.newFailureWithCause(
          String.valueOf(e.getMessage()), e.getClass().getSimpleName(), e);
    }
  }
}

package io.millrace.workflows.tuning;

import io.millrace.core.tuning.AshaBracket;
import io.millrace.core.tuning.AshaBracket.Decision;
import io.millrace.core.tuning.TrialParams;
import io.millrace.workflows.tuning.TrialOutcome.Ended;
import io.temporal.activity.ActivityOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The running trials of one study, in workflow code: a bounded window of activities, refilled by
 * trial number. Which trial runs when has no influence on what {@link AshaBracket} decides.
 */
final class Study {
  private final TuningRequest request;
  private final StudyRef ref;
  private final List<TrialParams> configurations;
  private final List<Integer> rungs;
  private final AshaBracket bracket;
  private final ActivityOptions options;
  private final int[] rung;
  private final @Nullable TrialReport[] reports;
  private final @Nullable TrialOutcome[] outcomes;
  // Due trials; a smaller number goes first, as later trials wait for its judgement.
  private final TreeSet<Integer> ready = new TreeSet<>();
  private int inFlight;
  private int settled;
  private int failed;

  Study(TuningRequest request, StudyRef ref, ActivityOptions options) {
    this.request = request;
    this.ref = ref;
    this.configurations = request.configurations();
    this.rungs = request.rule().rungs();
    this.bracket = new AshaBracket(request.rule(), configurations.size());
    this.options = options;
    this.rung = new int[configurations.size()];
    this.reports = new @Nullable TrialReport[configurations.size()];
    this.outcomes = new @Nullable TrialOutcome[configurations.size()];
  }

  /** Runs all trials; false if too few can succeed. */
  boolean run() {
    for (int trial = 0; trial < rung.length; trial++) {
      ready.add(trial);
    }
    CancellationScope scope = Workflow.newCancellationScope(this::runTrials);
    scope.run();
    if (canStillSucceed()) {
      return true;
    }
    ready.clear();
    scope.cancel("too few trials can still succeed");
    Workflow.await(() -> inFlight == 0);
    return false;
  }

  private void runTrials() {
    while (canStillSucceed() && (inFlight > 0 || !ready.isEmpty())) {
      while (inFlight < request.maxConcurrent() && !ready.isEmpty()) {
        follow(Objects.requireNonNull(ready.pollFirst()));
      }
      int before = settled;
      Workflow.await(() -> settled > before);
    }
  }

  private void follow(int trial) {
    inFlight++;
    Promise<Void> unused =
        start(trial)
            .handle(
                (report, failure) -> {
                  inFlight--;
                  settled++;
                  settle(trial, report, failure);
                  return null;
                });
  }

  private Promise<TrialReport> start(int trial) {
    int rounds = rungs.get(rung[trial]);
    TrialActivities activities =
        Workflow.newActivityStub(
            TrialActivities.class,
            options.toBuilder()
                .setSummary("train_trial[%d to round %d]".formatted(trial, rounds))
                .build());
    TrialRequest trialRequest =
        new TrialRequest(
            request.study(),
            trial,
            ref.trialRunIds().isEmpty() ? "" : ref.trialRunIds().get(trial),
            request.dataset(),
            configurations.get(trial),
            request.seed(),
            rung[trial] == 0 ? 0 : rungs.get(rung[trial] - 1),
            rounds,
            request.checkpointEvery());
    return Async.function(activities::trainTrial, trialRequest);
  }

  private void settle(int trial, @Nullable TrialReport report, @Nullable RuntimeException failure) {
    if (failure == null && report != null) {
      reports[trial] = report;
      apply(bracket.report(trial, rung[trial], report.loss()));
    } else if (isCancelled(failure)) {
      end(trial, Ended.CANCELLED, null);
    } else {
      failed++;
      end(trial, Ended.FAILED, rootMessage(failure));
      apply(bracket.fail(trial));
    }
  }

  private void apply(List<Decision> decisions) {
    for (Decision decision : decisions) {
      int trial = decision.trial();
      switch (decision.verdict()) {
        case CONTINUE -> {
          rung[trial] = decision.rung() + 1;
          ready.add(trial);
        }
        case STOP -> end(trial, Ended.STOPPED, null);
        case COMPLETE -> end(trial, Ended.COMPLETED, null);
      }
    }
  }

  private void end(int trial, Ended ended, @Nullable String failure) {
    TrialReport report = reports[trial];
    outcomes[trial] =
        report == null
            ? new TrialOutcome(trial, ended, 0, 0, null, failure)
            : new TrialOutcome(
                trial, ended, report.rounds(), report.bestRounds(), report.bestLoss(), failure);
  }

  private boolean canStillSucceed() {
    int trials = rung.length;
    return failed < trials && trials - failed >= request.minSuccessRatio() * trials;
  }

  List<TrialOutcome> outcomes() {
    return ended().toList();
  }

  private Stream<TrialOutcome> ended() {
    return Arrays.stream(outcomes).filter(Objects::nonNull).map(Objects::requireNonNull);
  }

  String firstFailure() {
    return ended()
        .map(outcome -> outcome.failure() == null ? "" : outcome.failure())
        .filter(failure -> !failure.isEmpty())
        .findFirst()
        .orElse("none");
  }

  String summary() {
    return "%d of %d trials failed, %.0f%% had to succeed"
        .formatted(failed, rung.length, 100 * request.minSuccessRatio());
  }

  TuningResult result() {
    TrialReport best =
        Arrays.stream(reports)
            .filter(Objects::nonNull)
            .map(Objects::requireNonNull)
            .filter(report -> !isFailed(report.trial()))
            .min(Comparator.comparingDouble(TrialReport::bestLoss))
            .orElseThrow();
    return new TuningResult(
        request.study(),
        request.dataset(),
        ref.experiment(),
        ref.studyRunId(),
        best.trial(),
        configurations.get(best.trial()),
        best.bestRounds(),
        best.bestLoss(),
        outcomes(),
        ended().mapToLong(TrialOutcome::rounds).sum());
  }

  private boolean isFailed(int trial) {
    TrialOutcome outcome = outcomes[trial];
    return outcome != null && outcome.ended() == Ended.FAILED;
  }

  private static boolean isCancelled(@Nullable RuntimeException failure) {
    return failure instanceof CanceledFailure
        || (failure instanceof ActivityFailure && failure.getCause() instanceof CanceledFailure);
  }

  private static String rootMessage(@Nullable Throwable failure) {
    Throwable root = failure;
    while (root != null && root.getCause() != null) {
      root = root.getCause();
    }
    return root == null ? "no result" : String.valueOf(root.getMessage());
  }
}

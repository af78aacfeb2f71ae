package io.millrace.activities.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.activities.PipelineException;
import io.millrace.workflows.PipelineFailure;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Flink's REST interface, as far as deployments need it: the same on our local process, a
 * standalone cluster and Kubernetes. Failures as {@link FlinkHttp} says.
 */
public final class FlinkApi {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> ENDED = Set.of("FINISHED", "CANCELED", "FAILED");

  /** A program's main may wait two minutes for its servers. */
  private static final Duration SUBMISSION = Duration.ofMinutes(4);

  private static final Duration TRIGGER = Duration.ofSeconds(30);

  private final FlinkHttp http;

  /** Talks to the cluster at this address. */
  public FlinkApi(URI url) {
    this(url, "");
  }

  /** The same with the token that the local process asks for where something is to change. */
  public FlinkApi(URI url, String token) {
    this.http = new FlinkHttp(url, token);
  }

  /** A job that the cluster knows, which may have ended. */
  public record Job(String id, String name, String state, Instant startedAt) {
    /** Whether it is over. */
    public boolean hasEnded() {
      return FlinkApi.hasEnded(state);
    }
  }

  /** What a job runs with; {@code build} is null if its program does not say. */
  public record Setup(int parallelism, @Nullable String build) {}

  /**
   * A job's checkpoints.
   *
   * @param completed since it was submitted
   * @param failed the numbers of those that failed lately; not those that were due before all tasks
   *     ran, which Flink counts as well
   * @param restored the checkpoint or savepoint that it goes on from, or null
   * @param lastAt when the newest one was triggered, or null
   * @param lastMillis how long the last one took, or -1
   */
  public record Checkpoints(
      int completed,
      Set<Long> failed,
      @Nullable String restored,
      @Nullable Instant lastAt,
      long lastMillis) {}

  /** A savepoint that was asked for; of the last two, one is null, or both while it is taken. */
  public record Operation(@Nullable String location, @Nullable String failure) {}

  /**
   * What is submitted.
   *
   * @param job its name
   * @param id the id that it shall have
   * @param parallelism 0: the cluster's default
   * @param savepoint to go on from; null: the program decides
   */
  public record Submission(
      String job,
      String id,
      int parallelism,
      @Nullable String savepoint,
      boolean allowNonRestoredState) {}

  /** Whether a job in this state is over. */
  static boolean hasEnded(String state) {
    return ENDED.contains(state);
  }

  /** All jobs that the cluster remembers, those started last first. */
  public List<Job> jobs() {
    List<Job> jobs = new ArrayList<>();
    for (JsonNode job : http.get("/jobs/overview").orElseThrow().path("jobs")) {
      jobs.add(
          new Job(
              job.path("jid").asText(),
              job.path("name").asText(),
              job.path("state").asText(),
              Instant.ofEpochMilli(job.path("start-time").asLong())));
    }
    jobs.sort(Comparator.comparing(Job::startedAt).reversed());
    return List.copyOf(jobs);
  }

  /** The job of this name that has not ended. */
  public Optional<Job> running(String name) {
    return jobs().stream().filter(job -> job.name().equals(name) && !job.hasEnded()).findFirst();
  }

  /** Its state; empty if the cluster does not know it. */
  public Optional<String> state(String id) {
    return http.get("/jobs/" + id + "/status").map(answer -> answer.path("status").asText());
  }

  /** What it was submitted with; empty if the cluster does not know it. */
  public Optional<Setup> setup(String id) {
    return http.get("/jobs/" + id + "/config")
        .map(answer -> answer.path("execution-config"))
        .map(
            config ->
                new Setup(
                    config.path("job-parallelism").asInt(),
                    config.path("user-config").path("build").asText(null)));
  }

  /** Its checkpoints; empty if the cluster does not know it. */
  public Optional<Checkpoints> checkpoints(String id) {
    return http.get("/jobs/" + id + "/checkpoints").map(FlinkApi::checkpoints);
  }

  private static Checkpoints checkpoints(JsonNode answer) {
    Set<Long> failed = new TreeSet<>();
    for (JsonNode checkpoint : answer.path("history")) {
      if (checkpoint.path("status").asText().equals("FAILED")) {
        failed.add(checkpoint.path("id").asLong());
      }
    }
    JsonNode last = answer.path("latest").path("completed");
    return new Checkpoints(
        answer.path("counts").path("completed").asInt(),
        failed,
        answer.path("latest").path("restored").path("external_path").asText(null),
        last.has("trigger_timestamp")
            ? Instant.ofEpochMilli(last.path("trigger_timestamp").asLong())
            : null,
        last.path("end_to_end_duration").asLong(-1));
  }

  /** Why it failed or was restarted last, in a line. */
  public Optional<String> lastFailure(String id) {
    return http.get("/jobs/" + id + "/exceptions")
        .map(answer -> answer.path("exceptionHistory").path("entries").path(0))
        .filter(entry -> entry.has("stacktrace"))
        .map(entry -> FlinkHttp.innermost(entry.path("stacktrace").asText()));
  }

  /** The job's own metrics and those of its operators. */
  public JobFigures figures(String id) {
    return JobFigures.of(http, id);
  }

  /** Asks for a savepoint, once for each trigger; with {@code stop}, the job ends at it. */
  public void triggerSavepoint(String id, String folder, String trigger, boolean stop) {
    ObjectNode body = JSON.createObjectNode().put("triggerId", trigger);
    body.put(stop ? "targetDirectory" : "target-directory", folder);
    var unused = http.post("/jobs/" + id + (stop ? "/stop" : "/savepoints"), body, TRIGGER);
  }

  /** How far a savepoint is; empty if nobody asked for it, or too long ago. */
  public Optional<Operation> savepoint(String id, String trigger) {
    return http.get("/jobs/" + id + "/savepoints/" + trigger)
        .map(
            answer -> {
              JsonNode failure = answer.path("operation").path("failure-cause");
              return new Operation(
                  answer.path("operation").path("location").asText(null),
                  failure.isMissingNode()
                      ? null
                      : FlinkHttp.innermost(
                          failure.path("stack-trace").asText(failure.path("class").asText())));
            });
  }

  /** Begins to end a job at once; its last checkpoint stays. */
  public void cancel(String id) {
    var unused = http.patch("/jobs/" + id + "?mode=cancel");
  }

  /** The id of a jar that was uploaded under this name. */
  public Optional<String> jar(String name) {
    for (JsonNode jar : http.get("/jars").orElse(JSON.createObjectNode()).path("files")) {
      if (jar.path("name").asText().equals(name)) {
        return Optional.of(jar.path("id").asText());
      }
    }
    return Optional.empty();
  }

  /** Uploads a jar and gives its id. */
  public String upload(String name, byte[] content) {
    String path = http.upload("/jars/upload", name, content).path("filename").asText();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Runs the program of a jar, and returns when it has submitted its job. */
  public void run(String jar, Submission submission) {
    ObjectNode body = JSON.createObjectNode().put("jobId", submission.id());
    body.putArray("programArgsList").add("--job").add(submission.job());
    if (submission.parallelism() > 0) {
      body.put("parallelism", submission.parallelism());
    }
    if (submission.savepoint() != null) {
      body.put("savepointPath", submission.savepoint());
    }
    if (submission.allowNonRestoredState()) {
      body.put("allowNonRestoredState", true);
    }
    var unused =
        http.post("/jars/" + jar + "/run", body, SUBMISSION)
            .orElseThrow(
                () ->
                    new PipelineException(
                        PipelineFailure.UNAVAILABLE, "Flink has lost its jar " + jar));
  }
}

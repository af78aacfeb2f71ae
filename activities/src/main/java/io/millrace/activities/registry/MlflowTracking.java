package io.millrace.activities.registry;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import io.millrace.core.registry.RegistryException;
import io.millrace.core.registry.RegistryRefusedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.mlflow.api.proto.Service;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowClientException;
import org.mlflow.tracking.MlflowHttpException;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;

/**
 * MLflow's experiments and runs, through its Java client.
 *
 * <p>That client has no timeouts of its own and its artifact methods start a Python. So every call
 * runs under a deadline, after which the client is closed, which ends the hanging call, and a new
 * one is made; and artifacts go through {@link MlflowRegistry}. Thread-safe.
 */
public final class MlflowTracking implements AutoCloseable {
  private static final String ALREADY_EXISTS = "RESOURCE_ALREADY_EXISTS";
  private static final int THREADS = 8;

  private final MlflowConfig config;
  private final ExecutorService calls;
  private MlflowClient client;

  public MlflowTracking(MlflowConfig config) {
    this.config = config;
    this.client = newClient();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(1_000),
            new ThreadFactoryBuilder().setNameFormat("mlflow-%d").setDaemon(true).build());
    pool.allowCoreThreadTimeOut(true);
    this.calls = pool;
  }

  /** The id of an experiment, made if it is not there. */
  public String experiment(String name) {
    Optional<String> found = findExperiment(name);
    if (found.isPresent()) {
      return found.get();
    }
    try {
      return call("create experiment " + name, mlflow -> mlflow.createExperiment(name));
    } catch (RegistryRefusedException e) {
      if (String.valueOf(e.getMessage()).contains(ALREADY_EXISTS)) {
        return findExperiment(name).orElseThrow(() -> e);
      }
      throw e;
    }
  }

  private Optional<String> findExperiment(String name) {
    return call("find experiment " + name, mlflow -> mlflow.getExperimentByName(name))
        .map(Service.Experiment::getExperimentId);
  }

  /** The runs of an experiment that have a tag with this value. */
  public List<Service.Run> runsByTag(String experimentId, String tag, String value) {
    String filter = "tags.`%s` = '%s'".formatted(tag, value.replace("'", ""));
    return call(
        "search runs with " + filter,
        mlflow ->
            mlflow
                .searchRuns(List.of(experimentId), filter, Service.ViewType.ACTIVE_ONLY, 1000)
                .getItems());
  }

  /** All runs of an experiment, newest first. */
  public List<Service.Run> runs(String experimentId) {
    return call(
        "list runs of experiment " + experimentId,
        mlflow ->
            mlflow
                .searchRuns(List.of(experimentId), "", Service.ViewType.ACTIVE_ONLY, 1000)
                .getItems());
  }

  /** Ids of the experiments whose name starts like this, newest first. */
  public List<String> experimentsNamed(String prefix) {
    return call(
        "search experiments " + prefix,
        mlflow ->
            mlflow
                .searchExperiments(
                    "name LIKE '" + prefix + "%'",
                    Service.ViewType.ACTIVE_ONLY,
                    1000,
                    List.of("creation_time DESC"))
                .getItems()
                .stream()
                .map(Service.Experiment::getExperimentId)
                .toList());
  }

  /** All values of a metric of a run. */
  public List<Service.Metric> metricHistory(String runId, String metric) {
    return call(
        "history of " + metric + " of run " + runId,
        mlflow -> mlflow.getMetricHistory(runId, metric));
  }

  /** Starts a run. */
  public Service.RunInfo createRun(
      String experimentId, String name, long startMillis, Map<String, String> tags) {
    Service.CreateRun.Builder run =
        Service.CreateRun.newBuilder()
            .setExperimentId(experimentId)
            .setRunName(name)
            .setStartTime(startMillis);
    tags.forEach((key, value) -> run.addTags(tag(key, value)));
    return call("create run " + name, mlflow -> mlflow.createRun(run.build()));
  }

  /** Adds metrics, params and tags to a run; at most 1,000 metrics and 100 of each other. */
  public void log(
      String runId,
      List<Service.Metric> metrics,
      Map<String, String> params,
      Map<String, String> tags) {
    List<Service.Param> paramList =
        params.entrySet().stream()
            .map(e -> Service.Param.newBuilder().setKey(e.getKey()).setValue(e.getValue()).build())
            .toList();
    List<Service.RunTag> tagList =
        tags.entrySet().stream().map(e -> tag(e.getKey(), e.getValue())).toList();
    Boolean unused =
        call(
            "log to run " + runId,
            mlflow -> {
              mlflow.logBatch(runId, metrics, paramList, tagList);
              return true;
            });
  }

  /** Ends a run. */
  public void end(String runId, Service.RunStatus status, long endMillis) {
    Boolean unused =
        call(
            "end run " + runId,
            mlflow -> {
              mlflow.setTerminated(runId, status, endMillis);
              return true;
            });
  }

  /** One value of a metric. */
  public static Service.Metric metric(String key, double value, long at, long step) {
    return Service.Metric.newBuilder()
        .setKey(key)
        .setValue(value)
        .setTimestamp(at)
        .setStep(step)
        .build();
  }

  private static Service.RunTag tag(String key, String value) {
    return Service.RunTag.newBuilder().setKey(key).setValue(value).build();
  }

  private <T> T call(String what, Function<MlflowClient, T> request) {
    MlflowClient used = current();
    Future<T> answer = calls.submit(() -> request.apply(used));
    try {
      return answer.get(config.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      replace(used);
      throw MlflowFailures.unavailable(url(), what, "no answer within " + config.timeout());
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw MlflowFailures.unavailable(url(), what, "interrupted");
    } catch (ExecutionException e) {
      throw failure(what, e.getCause() == null ? e : e.getCause());
    }
  }

  private RegistryException failure(String what, Throwable cause) {
    if (cause instanceof MlflowHttpException http && http.getStatusCode() < 500) {
      return MlflowFailures.refused(url(), what, http.getStatusCode(), http.getBodyMessage());
    }
    if (cause instanceof MlflowClientException || cause instanceof RuntimeException) {
      return MlflowFailures.unavailable(url(), what, String.valueOf(cause.getMessage()));
    }
    return MlflowFailures.unavailable(url(), what, cause.toString());
  }

  private String url() {
    return config.trackingUri().toString();
  }

  private MlflowClient newClient() {
    return new MlflowClient(new BasicMlflowHostCreds(config.trackingUri().toString()));
  }

  private synchronized MlflowClient current() {
    return client;
  }

  private synchronized void replace(MlflowClient hanging) {
    if (client == hanging) {
      client = newClient();
      hanging.close();
    }
  }

  @Override
  public void close() {
    calls.shutdownNow();
    current().close();
  }
}

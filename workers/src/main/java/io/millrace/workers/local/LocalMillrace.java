package io.millrace.workers.local;

import io.millrace.activities.cdc.CaptureConfig;
import io.millrace.activities.streaming.Buckets;
import io.millrace.activities.streaming.Topics;
import io.millrace.activities.warehouse.PostgresConfig;
import io.millrace.activities.warehouse.Warehouse;
import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.ProgressListener.Phase;
import io.millrace.stack.Stack;
import io.millrace.stack.StatusRow;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Millrace on this machine: the servers of the stack, and what makes them Millrace. These are the
 * topics and buckets (before Flink starts), the schema of the warehouse, a worker, and serving.
 */
public final class LocalMillrace {
  /** The worker's name among the processes. */
  public static final String WORKER = "worker";

  /** The step that brings the warehouse's schema up to date. */
  public static final String SCHEMA = "schema";

  private final Stack stack;
  private final WorkerProcess worker;
  private final ServingProcesses serving;
  private final int partitions;

  /**
   * Looks at nothing yet.
   *
   * @param partitions of the topics that it creates
   */
  public LocalMillrace(
      Stack stack, WorkerProcess worker, ServingProcesses serving, int partitions) {
    this.stack = stack;
    this.worker = worker;
    this.serving = serving;
    this.partitions = partitions;
    stack.before(Component.FLINK, this::createTopicsAndBuckets);
  }

  /** Told how each server and step goes; called from several threads at once. */
  @FunctionalInterface
  public interface Listener {
    void at(String name, Phase phase, Duration elapsed, String detail);
  }

  /**
   * Starts what does not run and leaves alone what does.
   *
   * @return a row for each server, and one for the worker
   * @throws io.millrace.stack.StackException naming what could not be started, and why
   */
  public List<StatusRow> up(Listener listener) {
    return up(Component.standard(), 1, listener);
  }

  /** The same with a choice of components and a number of replicas that serve; 0 is fine. */
  public List<StatusRow> up(Set<Component> components, int replicas, Listener listener) {
    long started = System.nanoTime();
    stack.requireFree(components, serving.ports(replicas));
    stack.up(
        components,
        (component, phase, elapsed, detail) ->
            listener.at(component.name().toLowerCase(Locale.ROOT), phase, elapsed, detail));
    step(SCHEMA, started, listener, () -> migrate(stack.endpoints()));
    step(WORKER, started, listener, this::startWorker);
    step(
        ServingProcesses.NAME,
        started,
        listener,
        () -> serving.start(stack.supervisor(), replicas));
    return stack.status();
  }

  /** Starts the worker, or replaces one that runs other code. */
  public void startWorker() {
    stack.supervisor().start(worker.spec());
  }

  /** Where clients find the server for predictions. */
  public URI servingUrl() {
    return serving.url();
  }

  /** Starts the replicas that serve anew, one after the other; how many there are. */
  public int restartServing(Listener listener) {
    long started = System.nanoTime();
    return serving.restart(
        stack.supervisor(),
        ServingProcesses.OVERLAP,
        (replica, work) -> step(replica, started, listener, work));
  }

  /** Stops everything; with {@code purge}, deletes the data too. */
  public void down(boolean purge) {
    if (purge) {
      stack.purge();
    } else {
      stack.down();
    }
  }

  /** What runs where. */
  public List<StatusRow> status() {
    return stack.status();
  }

  /** The servers. */
  public Stack stack() {
    return stack;
  }

  /** Where the local servers capture changes. */
  public static CaptureConfig capture(Endpoints endpoints) {
    Endpoints.Cdc cdc = endpoints.cdc();
    return new CaptureConfig(
        URI.create(cdc.connectUrl()),
        cdc.jdbcUrl(),
        cdc.user(),
        cdc.password(),
        cdc.connectToken());
  }

  private void createTopicsAndBuckets(Endpoints endpoints) {
    Topics.ensureExist(endpoints.kafka().bootstrapServers(), partitions, Topics.ALL);
    Endpoints.S3 s3 = endpoints.s3();
    Buckets.ensureExist(
        URI.create(s3.endpoint()), s3.region(), s3.accessKey(), s3.secretKey(), Buckets.ALL);
  }

  private static void migrate(Endpoints endpoints) {
    Endpoints.Postgres postgres = endpoints.postgres();
    try (Warehouse warehouse =
        new Warehouse(
            PostgresConfig.of(postgres.jdbcUrl(), postgres.user(), postgres.password()))) {
      warehouse.migrate();
    }
  }

  private static void step(String name, long started, Listener listener, Runnable work) {
    listener.at(name, Phase.STARTING, since(started), "");
    try {
      work.run();
    } catch (RuntimeException e) {
      String reason = Optional.ofNullable(e.getMessage()).orElse(e.toString());
      listener.at(name, Phase.FAILED, since(started), reason);
      throw e;
    }
    listener.at(name, Phase.HEALTHY, since(started), "");
  }

  private static Duration since(long started) {
    return Duration.ofNanos(System.nanoTime() - started);
  }
}

package io.millrace.activities.cdc;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.activities.streaming.Topics;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The capture of {@link EventsTable}'s changes into {@link Topics#CDC}: table, publication, slot
 * and connector, made, looked at and taken away together.
 *
 * <p>An inserted row, and one that a snapshot finds, is an event. An updated row is sent as it is
 * now: the same event again if its identity is the same, which falls out by it, else a new event. A
 * deleted row is no event, and what happened has still happened: no message is sent for it.
 */
public final class ChangeCapture {
  /** The connector's name. */
  public static final String CONNECTOR = ConnectorSettings.CONNECTOR;

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int FAILURES = 12;

  private final CaptureConfig config;
  private final String bootstrapServers;
  private final ConnectApi connect;

  /** Looks at nothing yet. */
  public ChangeCapture(CaptureConfig config, String bootstrapServers) {
    this.config = config;
    this.bootstrapServers = bootstrapServers;
    this.connect = new ConnectApi(config.connectUrl(), config.connectToken());
  }

  /**
   * Makes what is missing, gives the connector the settings of this build, and waits until changes
   * flow. A capture that was there goes on from its slot; a new one begins with a snapshot. It does
   * not go on if the table was replaced meanwhile, because the rows in between would be missing.
   *
   * @param partitions of the topic, if it is made
   * @throws CaptureException naming the server that does not answer, or what was refused
   */
  public CaptureStatus register(int partitions) {
    if (!connect.hasPlugin(ConnectorSettings.CONNECTOR_CLASS)) {
      throw CaptureException.refused(
          "Kafka Connect at %s cannot run %s: put debezium-connector-postgres on its plugin path"
              .formatted(config.connectUrl(), ConnectorSettings.CONNECTOR_CLASS),
          null);
    }
    EventsTable.open(config).close();
    try (Replication replication = Replication.open(config)) {
      CaptureStatus before = status();
      if (before.hasGap()) {
        throw CaptureException.refused(before.warnings().get(0), null);
      }
      replication.publish();
    } catch (SQLException e) {
      throw EventsTable.failure(config, e);
    }
    Topics.ensureExist(bootstrapServers, partitions, List.of(Topics.CDC));
    connect.put(CONNECTOR, ConnectorSettings.of(config));
    await("known", () -> connect.status(CONNECTOR).isPresent());
    connect.resume(CONNECTOR);
    return awaitRunning();
  }

  /** How it stands, whatever of it is there. */
  public CaptureStatus status() {
    Optional<JsonNode> connector = connect.status(CONNECTOR);
    try (Replication replication = Replication.open(config)) {
      List<String> tasks = new ArrayList<>();
      connector.ifPresent(
          found -> found.path("tasks").forEach(task -> tasks.add(task.path("state").asText())));
      Instant lastEvent = Topics.lastWritten(bootstrapServers, Topics.CDC).orElse(null);
      return new CaptureStatus(
          connector.map(found -> found.path("connector").path("state").asText()).orElse(null),
          tasks,
          connector.map(ChangeCapture::error).orElse(null),
          replication.slot(),
          replication.table(),
          replication.rows(),
          lastEvent);
    } catch (SQLException e) {
      throw EventsTable.failure(config, e);
    }
  }

  /**
   * Takes away connector, offsets, slot and publication, so that the database keeps no log for
   * them; table and topic stay. Registered again, it begins with a snapshot.
   */
  public void unregister() {
    if (connect.status(CONNECTOR).isPresent()) {
      connect.stop(CONNECTOR);
      await("stopped", () -> status().tasks().isEmpty());
      connect.forgetOffsets(CONNECTOR);
      connect.delete(CONNECTOR);
      await("gone", () -> connect.status(CONNECTOR).isEmpty());
    }
    try (Replication replication = Replication.open(config)) {
      replication.drop();
    } catch (SQLException e) {
      throw EventsTable.failure(config, e);
    }
  }

  private CaptureStatus awaitRunning() {
    CaptureStatus[] last = {status()};
    int[] failures = {0};
    await(
        "running",
        () -> {
          last[0] = status();
          failures[0] = last[0].hasFailed() ? failures[0] + 1 : 0;
          // A failure that was there before is shown until the new try has begun.
          if (failures[0] > FAILURES) {
            throw CaptureException.refused(
                "Connector %s has failed: %s. If that cannot be put right, `millrace cdc unregister`, then register, begins with a snapshot"
                    .formatted(CONNECTOR, reason(last[0])),
                null);
          }
          return last[0].isRunning();
        });
    return last[0];
  }

  private static String reason(CaptureStatus status) {
    return status.error() != null
        ? status.error()
        : "the database has dropped log that its slot needed";
  }

  private interface Condition {
    boolean holds();
  }

  private void await(String state, Condition condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw CaptureException.refused(
            "Connector %s is not %s after %d s: %s; see `millrace logs connect`"
                .formatted(CONNECTOR, state, PATIENCE.toSeconds(), status()),
            null);
      }
      ConnectApi.pause();
    }
  }

  private static @Nullable String error(JsonNode status) {
    List<JsonNode> all = new ArrayList<>(List.of(status.path("connector")));
    status.path("tasks").forEach(all::add);
    return all.stream()
        .map(one -> one.path("trace").asText(""))
        .filter(trace -> !trace.isBlank())
        .map(ChangeCapture::cause)
        .findFirst()
        .orElse(null);
  }

  /**
   * The innermost cause says what it is; the others say that something failed. Dumps of objects in
   * it are for the log.
   */
  private static String cause(String trace) {
    return trace
        .lines()
        .filter(line -> line.startsWith("Caused by: "))
        .reduce((first, last) -> last)
        .map(line -> line.substring("Caused by: ".length()))
        .orElseGet(() -> trace.lines().findFirst().orElse(""))
        .replaceAll("\\[.*]", "[…]");
  }
}

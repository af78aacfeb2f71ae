package io.millrace.workers.demo;

import io.millrace.activities.features.Freshness;
import io.millrace.activities.features.OnlineVerification;
import io.millrace.core.features.OnlineKey;
import io.millrace.stack.Endpoints;
import io.millrace.workflows.registry.RegisteredVersion;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the stages share: how to count, and what they found. Used by one stage at a time. */
final class DemoRun implements AutoCloseable {
  /** Differences between online and offline features to name. */
  private static final int KEPT = 3;

  private @Nullable EventCounters counters;

  /** What was there before this run produced anything. */
  @Nullable Counts before;

  /** What was there once everything was in the lake. */
  @Nullable Counts after;

  @Nullable Tables tablesBefore;
  @Nullable Tables tablesAfter;

  /** The version that this run registered; null if training was skipped. */
  @Nullable RegisteredVersion registered;

  /** Why training was skipped; null if it was not. */
  @Nullable String trainingSkipped;

  /** How soon features were online; null if no events were sent at a steady pace. */
  @Nullable Freshness freshness;

  /** The online features beside the warehouse's. */
  OnlineVerification.@Nullable Report online;

  /** What the server was asked, and how it did; null if there was no model to serve. */
  ServeStage.@Nullable Served served;

  long produced;
  long cdcEvents;
  String dataRunUrl = "";
  String trainingRunUrl = "";
  String servingUrl = "";

  /** Connects to the servers, which must run. */
  void connect(Endpoints endpoints) {
    counters = new EventCounters(endpoints);
  }

  /** Counts the topics; the lake as it was counted before, or not at all. */
  Counts countTopics(@Nullable Counts lake) {
    return found(counters).countTopics(lake);
  }

  /** Counts the topics and the lake. */
  Counts countAll() {
    return found(counters).countAll();
  }

  Tables countTables() {
    return found(counters).countTables();
  }

  /** Compares the rows of sessions that got events of late. */
  OnlineVerification.Report verifyOnline() {
    return found(counters).verifyOnline(false, KEPT);
  }

  /** Users and products whose features are online, as many as wanted or all. */
  List<OnlineKey> onlineKeys(int wanted) {
    return found(counters).onlineKeys(wanted);
  }

  /** What an earlier stage must have found. */
  static <T> T found(@Nullable T value) {
    return Objects.requireNonNull(value, "an earlier stage has not run");
  }

  @Override
  public void close() {
    if (counters != null) {
      counters.close();
    }
  }
}

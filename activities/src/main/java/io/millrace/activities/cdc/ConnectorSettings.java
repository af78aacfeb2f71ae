package io.millrace.activities.cdc;

import io.millrace.activities.streaming.Topics;
import java.util.LinkedHashMap;
import java.util.Map;

/** What Debezium is told. */
final class ConnectorSettings {
  static final String CONNECTOR = "cdc-postgresql";
  static final String CONNECTOR_CLASS = "io.debezium.connector.postgresql.PostgresConnector";

  /** Of the slot and of the publication. */
  static final String REPLICATION = "millrace_cdc";

  private static final String HEARTBEAT = "millrace-heartbeat";

  private ConnectorSettings() {}

  static Map<String, String> of(CaptureConfig config) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("connector.class", CONNECTOR_CLASS);
    settings.put("tasks.max", "1");
    source(settings, config);
    messages(settings);
    guarantees(settings);
    return settings;
  }

  private static void source(Map<String, String> settings, CaptureConfig config) {
    settings.put("database.hostname", config.host());
    settings.put("database.port", String.valueOf(config.port()));
    settings.put("database.dbname", config.database());
    settings.put("database.user", config.user());
    settings.put("database.password", "${env:CDC_DATABASE_PASSWORD}");
    settings.put("plugin.name", "pgoutput");
    settings.put("slot.name", REPLICATION);
    settings.put("publication.name", REPLICATION);
    settings.put("publication.autocreate.mode", "disabled");
    settings.put("table.include.list", EventsTable.NAME);
    settings.put("column.exclude.list", EventsTable.NAME + "." + EventsTable.KEY);
    settings.put("snapshot.mode", "initial");
    // The contract of events refuses it by its text.
    settings.put("unavailable.value.placeholder", config.unavailable().text());
    settings.put("poll.interval.ms", "100");
  }

  /**
   * The new row alone, keyed by its session like a producer's message; no message for a deleted
   * row. A column that becomes numeric or loses its time zone stays readable.
   */
  private static void messages(Map<String, String> settings) {
    settings.put("topic.prefix", Topics.CDC.substring(0, Topics.CDC.indexOf('.')));
    settings.put("message.key.columns", EventsTable.NAME + ":user_session");
    settings.put("tombstones.on.delete", "false");
    settings.put("decimal.handling.mode", "double");
    settings.put("time.precision.mode", "isostring");
    settings.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
    settings.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
    settings.put("value.converter.schemas.enable", "true");
    settings.put("transforms", "unwrap,session");
    settings.put("transforms.unwrap.type", "io.debezium.transforms.ExtractNewRecordState");
    settings.put("transforms.unwrap.delete.tombstone.handling.mode", "drop");
    settings.put("transforms.session.type", "org.apache.kafka.connect.transforms.ExtractField$Key");
    settings.put("transforms.session.field", "user_session");
    settings.put("transforms.session.predicate", "isEvent");
    settings.put("predicates", "isEvent");
    settings.put(
        "predicates.isEvent.type",
        "org.apache.kafka.connect.transforms.predicates.TopicNameMatches");
    settings.put("predicates.isEvent.pattern", Topics.CDC.replace(".", "\\."));
    settings.put("producer.override.compression.type", "lz4");
    settings.put("topic.creation.default.replication.factor", "-1");
    settings.put("topic.creation.default.partitions", "1");
  }

  /**
   * Messages and the place in the log that they stand for are one transaction. A slot that was made
   * anew behind the connector's back is an error, not a gap. The heartbeat moves the slot on while
   * only other tables are written, so that their log can go.
   */
  private static void guarantees(Map<String, String> settings) {
    settings.put("exactly.once.support", "required");
    settings.put("offset.mismatch.strategy", "trust_offset");
    settings.put("heartbeat.interval.ms", "10000");
    settings.put(
        "heartbeat.action.query",
        "select pg_logical_emit_message(false, '%s', '')".formatted(HEARTBEAT));
    settings.put("logical.decoding.message.prefix.exclude.list", HEARTBEAT);
  }
}

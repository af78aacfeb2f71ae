package io.millrace.engine.asset;

import java.util.List;

/**
 * Events from a log whose records are numbered upwards, as those of a Kafka partition. The hub
 * takes each record once, however often it is delivered.
 *
 * @param log names the log for ever, for example {@code kafka/<topic id>/<partition>}
 * @param records in the order of the log
 */
public record AssetDelivery(String log, List<Numbered> records) {

  public AssetDelivery {
    records = List.copyOf(records);
  }

  /** A record of the log. */
  public record Numbered(long offset, AssetEvent event) {}
}

package io.millrace.engine.asset;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the workflows of the asset hub send each other. Each message may arrive more than once, and
 * says enough for the receiver to take it once.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(value = AssetMessage.Introduction.class, name = "introduction"),
  @JsonSubTypes.Type(value = AssetMessage.Emission.class, name = "emission"),
  @JsonSubTypes.Type(value = AssetMessage.Subscribers.class, name = "subscribers"),
  @JsonSubTypes.Type(value = AssetMessage.Adoption.class, name = "adoption"),
  @JsonSubTypes.Type(value = AssetMessage.Retirement.class, name = "retirement"),
  @JsonSubTypes.Type(value = AssetMessage.Read.class, name = "read"),
  @JsonSubTypes.Type(value = AssetMessage.Assignment.class, name = "assignment"),
  @JsonSubTypes.Type(value = AssetMessage.News.class, name = "news"),
  @JsonSubTypes.Type(value = AssetMessage.Page.class, name = "page")
})
public sealed interface AssetMessage {

  /** Where it goes. */
  @JsonIgnore
  Target target();

  /** A workflow, which is started if it does not run, and its signal. */
  record Target(String workflowId, String type, String signal) {
    static Target hub(String signal) {
      return new Target(AssetHub.ID, AssetHub.TYPE, signal);
    }

    static Target shard(String asset, String signal) {
      return new Target(AssetShard.id(asset), AssetShard.TYPE, signal);
    }

    static Target consumer(String dag, String signal) {
      return new Target(AssetConsumer.id(dag), AssetConsumer.TYPE, signal);
    }
  }

  /**
   * There is an asset of this name.
   *
   * @param isNew whether its workflow has just begun, and waits for what the hub knows of it
   */
  record Introduction(String asset, boolean isNew) implements AssetMessage {
    @Override
    public Target target() {
      return Target.hub("introduce");
    }
  }

  /**
   * An asset was made or changed.
   *
   * @param log names a source whose records are numbered upwards, or null if they are not
   */
  record Emission(String asset, @Nullable String log, List<AssetDelivery.Numbered> records)
      implements AssetMessage {
    @Override
    public Target target() {
      return Target.shard(asset, "emit");
    }
  }

  /** Replaces those who wait for an asset; one of a lower generation than the last is ignored. */
  record Subscribers(String asset, long generation, List<Subscriber> all) implements AssetMessage {
    @Override
    public Target target() {
      return Target.shard(asset, "subscribers");
    }
  }

  /**
   * A DAG that waits for an asset.
   *
   * @param byPartition whether it is to know each partition
   * @param fromStart whether a new one also gets the events that are in the log already
   */
  record Subscriber(String dag, boolean byPartition, boolean fromStart) {}

  /**
   * What the hub knew of an asset before it was divided; nothing of one that came later. Until the
   * first one has arrived an asset takes no events: some might have been taken by the hub.
   *
   * @param events how many there were
   * @param last the last of them, or null
   * @param shown some of the last, the oldest first
   * @param taken how far each outside log was
   */
  record Adoption(
      String asset,
      long events,
      @Nullable AssetEvent last,
      List<AssetEvent> shown,
      Map<String, Long> taken)
      implements AssetMessage {
    @Override
    public Target target() {
      return Target.shard(asset, "adopt");
    }
  }

  /** The hub keeps no more names: an asset without consumers begins again when it is made. */
  record Retirement(String asset) implements AssetMessage {
    @Override
    public Target target() {
      return Target.shard(asset, "retire");
    }
  }

  /**
   * A consumer wants to have events.
   *
   * @param ticket comes back with the answer
   * @param from the number after which they begin, without partitions
   * @param partitions those of which it wants the events, or empty for all
   * @param bytes the answer has at most
   */
  record Read(
      String asset, String dag, long ticket, long from, List<PartitionKey> partitions, int bytes)
      implements AssetMessage {
    @Override
    public Target target() {
      return Target.shard(asset, "read");
    }
  }

  /**
   * What a DAG waits for.
   *
   * @param generation one of a lower generation than the last is ignored
   * @param schedule or null if it waits for nothing any more
   * @param waiting events that waited for it before the hub was divided; taken once
   */
  record Assignment(
      String dag, long generation, @Nullable AssetSchedule schedule, List<AssetEvent> waiting)
      implements AssetMessage {
    @Override
    public Target target() {
      return Target.consumer(dag, "assign");
    }
  }

  /**
   * An asset has changed.
   *
   * @param log names the asset's log; another begins again at 1
   * @param from the number after which the news begins
   * @param to the number of the latest event
   * @param keys by partition, or empty for a consumer that does not ask for partitions
   * @param unlisted how many events can no longer be named by partition, at most
   */
  record News(
      String asset,
      String dag,
      String log,
      long from,
      long to,
      List<PartitionKey> keys,
      long unlisted)
      implements AssetMessage {
    @Override
    public Target target() {
      return Target.consumer(dag, "news");
    }
  }

  /**
   * The answer to a {@link Read}.
   *
   * @param to the number of the latest event in the log
   */
  record Page(String asset, String dag, long ticket, long to, List<LoggedEvent> events)
      implements AssetMessage {
    @Override
    public Target target() {
      return Target.consumer(dag, "page");
    }
  }
}

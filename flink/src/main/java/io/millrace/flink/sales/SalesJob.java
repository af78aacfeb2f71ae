package io.millrace.flink.sales;

import io.millrace.flink.KafkaConnectors;
import io.millrace.flink.StreamingJob;
import io.millrace.flink.Topics;
import io.millrace.flink.idle.IdleSource;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * {@link Topics#SALES} to table {@code sales.rossman_sales}, each sale once in effect, and what is
 * no sale to {@link Topics#INVALID_SALES}, exactly once for readers of committed messages.
 *
 * <p>There is no shuffle: producers key by store, so that a store's messages are written in their
 * order.
 */
public final class SalesJob implements StreamingJob {
  /** Name of the job. */
  public static final String NAME = "sales";

  private final Source<SaleMessage, ?, ?> source;
  private final Sink<SaleRow> table;
  private final Sink<InvalidSale> invalid;
  private final Duration checkpointInterval;

  /** Reads and writes where it is told to. */
  public SalesJob(
      Source<SaleMessage, ?, ?> source,
      Sink<SaleRow> table,
      Sink<InvalidSale> invalid,
      Duration checkpointInterval) {
    this.source = source;
    this.table = table;
    this.invalid = invalid;
    this.checkpointInterval = checkpointInterval;
  }

  /** Reads Kafka and writes PostgreSQL. */
  public static SalesJob on(KafkaConnectors kafka, SalesConfig config) {
    return new SalesJob(
        IdleSource.of(kafka.source(NAME, List.of(Topics.SALES), new ReadSaleMessage())),
        new SalesSink(config),
        kafka.sink(NAME, new WriteInvalidSale()),
        config.checkpointInterval());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Duration checkpointInterval() {
    return checkpointInterval;
  }

  @Override
  public void build(StreamExecutionEnvironment environment) {
    // A few thousand messages a day: one subtask is plenty.
    environment.setParallelism(1);
    SingleOutputStreamOperator<SaleRow> rows =
        environment
            .fromSource(source, WatermarkStrategy.noWatermarks(), "sales")
            .uid("sales")
            .process(new ValidateSale())
            .returns(SaleRow.class)
            .name("judge")
            .uid("judge");
    rows.sinkTo(table).name("table").uid("table");
    rows.getSideOutput(ValidateSale.INVALID).sinkTo(invalid).name("invalid").uid("invalid");
  }
}

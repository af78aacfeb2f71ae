package io.millrace.flink.load;

import io.millrace.flink.KafkaConnectors;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What Flink and Kafka cost without us: copies a topic's values to another as bytes, exactly once,
 * with the sources and sinks of our jobs and nothing between them. The bench's limit.
 *
 * <p>Usage: {@code CopyMain BOOTSTRAP FROM TO PARALLELISM CHECKPOINT_MILLIS CHECKPOINT_DIR}; runs
 * until it is killed.
 */
public final class CopyMain {
  private CopyMain() {}

  public static void main(String[] args) throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(PipelineOptions.OBJECT_REUSE, true);
    configuration.set(
        CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
    configuration.set(
        CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(Long.parseLong(args[4])));
    configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, "file://" + args[5]);
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createLocalEnvironment(Integer.parseInt(args[3]), configuration);
    KafkaConnectors kafka =
        new KafkaConnectors(args[0], Duration.ofMinutes(10), Duration.ofSeconds(30));
    String job = "copy-" + args[2];
    environment
        .fromSource(
            kafka.source(job, List.of(args[1]), new Values()),
            WatermarkStrategy.noWatermarks(),
            "from")
        .sinkTo(
            kafka.sink(
                job,
                KafkaRecordSerializationSchema.<byte[]>builder()
                    .setTopic(args[2])
                    .setValueSerializationSchema(new Same())
                    .build()));
    environment.execute(job);
  }

  private static final class Same implements SerializationSchema<byte[]> {
    private static final long serialVersionUID = 1L;

    @Override
    public byte[] serialize(byte[] value) {
      return value;
    }
  }

  private static final class Values implements KafkaRecordDeserializationSchema<byte[]> {
    private static final long serialVersionUID = 1L;

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> message, Collector<byte[]> out) {
      out.collect(message.value());
    }

    @Override
    public TypeInformation<byte[]> getProducedType() {
      return PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO;
    }
  }
}

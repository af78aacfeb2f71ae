package io.millrace.flink.sales;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Takes messages as bytes, so that none can fail before it is judged. */
final class ReadSaleMessage implements KafkaRecordDeserializationSchema<SaleMessage> {
  private static final long serialVersionUID = 1L;

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> message, Collector<SaleMessage> out) {
    out.collect(
        new SaleMessage(
            message.partition(), message.offset(), message.timestamp(), message.value()));
  }

  @Override
  public TypeInformation<SaleMessage> getProducedType() {
    return TypeInformation.of(SaleMessage.class);
  }
}

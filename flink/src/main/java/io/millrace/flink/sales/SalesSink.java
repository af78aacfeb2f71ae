package io.millrace.flink.sales;

import io.millrace.flink.BatchWriter;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Writes to PostgreSQL in the order of arrival. */
final class SalesSink implements Sink<SaleRow> {
  private static final long serialVersionUID = 1L;

  private final String jdbcUrl;
  private final String user;
  private final String password;

  SalesSink(SalesConfig config) {
    jdbcUrl = config.jdbcUrl();
    user = config.user();
    password = config.password();
  }

  @Override
  public SinkWriter<SaleRow> createWriter(WriterInitContext context) {
    return new BatchWriter<>("PostgreSQL", new SalesTable(jdbcUrl, user, password), context);
  }
}

package io.millrace.stack;

import io.millrace.stack.server.KafkaServer;
import io.millrace.stack.server.PostgresServer;
import io.millrace.stack.server.SeaweedServer;
import io.millrace.stack.server.Server;
import io.millrace.stack.server.Settings;
import io.millrace.stack.server.TemporalServer;

/** Which server stands for which component. */
final class Servers {
  private Servers() {}

  static Server of(Component component, Settings settings) {
    return switch (component) {
      case TEMPORAL -> new TemporalServer(settings);
      case POSTGRES -> new PostgresServer(settings);
      case KAFKA -> new KafkaServer(settings);
      case S3 -> new SeaweedServer(settings);
      default -> throw new StackException(component.id() + " is not there yet.");
    };
  }

  /** What its clients are told. */
  static String address(Component component, Endpoints endpoints) {
    return switch (component) {
      case TEMPORAL -> endpoints.temporal().target() + " " + endpoints.temporal().uiUrl();
      case POSTGRES -> endpoints.postgres().jdbcUrl();
      case KAFKA -> endpoints.kafka().bootstrapServers();
      case S3 -> endpoints.s3().endpoint();
      case REDIS -> endpoints.redis().uri().replaceAll(":[^:@/]+@", "");
      case MLFLOW -> endpoints.mlflow().trackingUri();
      case FLINK -> endpoints.flink().restUrl();
    };
  }
}

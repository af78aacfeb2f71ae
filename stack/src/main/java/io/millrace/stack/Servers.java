package io.millrace.stack;

import io.millrace.stack.server.ConnectServer;
import io.millrace.stack.server.FlinkServer;
import io.millrace.stack.server.KafkaServer;
import io.millrace.stack.server.MinioServer;
import io.millrace.stack.server.MlflowServer;
import io.millrace.stack.server.PostgresServer;
import io.millrace.stack.server.RedisServer;
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
      case S3 ->
          switch (settings.config().s3Server()) {
            case SEAWEEDFS -> new SeaweedServer(settings);
            case MINIO -> new MinioServer(settings);
          };
      case REDIS -> new RedisServer(settings);
      case MLFLOW -> new MlflowServer(settings);
      case CONNECT -> new ConnectServer(settings);
      case FLINK -> new FlinkServer(settings);
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
      case CONNECT -> endpoints.cdc().connectUrl();
      case FLINK -> endpoints.flink().restUrl();
    };
  }
}

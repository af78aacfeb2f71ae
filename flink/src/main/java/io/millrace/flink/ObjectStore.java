package io.millrace.flink;

import com.amazonaws.ClientConfiguration;
import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.AmazonS3ClientBuilder;
import org.apache.flink.configuration.Configuration;

/** How the object store is reached: by Flink's file system, and by its client for buckets. */
final class ObjectStore {
  private static final int TIMEOUT_MILLIS = 5_000;

  private ObjectStore() {}

  /** The client that Flink's file system brings along. */
  static AmazonS3 client(FlinkConfig.S3 s3) {
    return AmazonS3ClientBuilder.standard()
        .withEndpointConfiguration(new EndpointConfiguration(s3.endpoint(), s3.region()))
        .withCredentials(
            new AWSStaticCredentialsProvider(
                new BasicAWSCredentials(s3.accessKey(), s3.secretKey())))
        .withClientConfiguration(
            new ClientConfiguration()
                .withConnectionTimeout(TIMEOUT_MILLIS)
                .withSocketTimeout(TIMEOUT_MILLIS)
                .withMaxErrorRetry(0))
        .withPathStyleAccessEnabled(true)
        .build();
  }

  /** Settings of the file system {@code s3://}. */
  static void configure(Configuration configuration, FlinkConfig.S3 s3) {
    configuration.setString("s3.endpoint", s3.endpoint());
    configuration.setString("s3.endpoint.region", s3.region());
    configuration.setString("s3.access-key", s3.accessKey());
    configuration.setString("s3.secret-key", s3.secretKey());
    configuration.setString("s3.path.style.access", "true");
    configuration.setString("s3.connection.establish.timeout", String.valueOf(TIMEOUT_MILLIS));
    configuration.setString("s3.connection.timeout", "20000");
  }
}

package io.millrace.workers.payload;

import io.millrace.activities.lake.ObjectStoreConfig;
import io.millrace.activities.payload.S3BlobStore;
import io.millrace.engine.payload.BlobStore;
import io.millrace.engine.payload.CodecServer;
import io.millrace.engine.payload.DagPayloads;
import io.millrace.engine.payload.MemoInterceptor;
import io.millrace.engine.payload.MemoStore;
import io.millrace.engine.payload.Retention;
import io.millrace.workers.config.PayloadsConfig;
import io.millrace.workers.config.S3Config;
import io.millrace.workers.config.Settings;
import io.millrace.workers.config.TemporalConfig;
import io.temporal.common.converter.DataConverter;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;

/** What the settings say about payloads, made ready for use. Connects when first used. */
public final class PayloadAccess implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost");

  private final PayloadsConfig config;
  private final LazyBlobStore store;

  private PayloadAccess(PayloadsConfig config, LazyBlobStore store) {
    this.config = config;
    this.store = store;
  }

  /**
   * Takes the settings. Those of the object store are looked at only when a value is so large that
   * it is needed.
   */
  public static PayloadAccess of(Settings settings) {
    PayloadsConfig config = PayloadsConfig.from(settings);
    return new PayloadAccess(
        config, new LazyBlobStore(() -> s3(S3Config.from(settings), config.bucket())));
  }

  /** For every client. */
  public DataConverter converter() {
    return DagPayloads.converter(store, config.options());
  }

  /** For workers. */
  public MemoInterceptor memos() {
    return new MemoInterceptor(new MemoStore(store, config.options()));
  }

  /**
   * Starts to decode for the Web UI.
   *
   * @throws IOException if the port is taken
   */
  public CodecServer serve(TemporalConfig temporal, int port) throws IOException {
    return CodecServer.start(
        CodecServer.Options.local(port, origins(temporal.uiUrl()), temporal.namespace()),
        DagPayloads.codec(store, config.options()));
  }

  /**
   * Deletes blobs that are past the retention.
   *
   * @throws IllegalArgumentException if the namespace keeps histories for longer
   */
  public Retention.Swept sweep(WorkflowServiceStubs service, String namespace) {
    return Retention.of(config.retention(), Retention.ofNamespace(service, namespace)).sweep(store);
  }

  /** Where the blobs are. */
  public BlobStore store() {
    return store;
  }

  /** A browser on this machine may call it by either name. */
  private static Set<String> origins(URI ui) {
    String port = ui.getPort() < 0 ? "" : ":" + ui.getPort();
    String scheme = ui.getScheme() + "://";
    return LOOPBACK.contains(ui.getHost())
        ? Set.of(scheme + "127.0.0.1" + port, scheme + "localhost" + port)
        : Set.of(scheme + ui.getHost() + port);
  }

  /** A store in a bucket of the object store, with the timeouts of workers and commands. */
  public static S3BlobStore s3(S3Config s3, String bucket) {
    return new S3BlobStore(
        new ObjectStoreConfig(
            s3.endpoint(), s3.region(), s3.accessKey(), s3.secretKey().value(), TIMEOUT),
        bucket);
  }

  @Override
  public void close() {
    store.close();
  }
}

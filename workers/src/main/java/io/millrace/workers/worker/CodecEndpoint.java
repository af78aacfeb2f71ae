package io.millrace.workers.worker;

import io.millrace.engine.payload.CodecServer;
import io.millrace.workers.config.MillraceConfig;
import io.millrace.workers.payload.PayloadAccess;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decodes for the Web UI while the worker runs, if the settings name a port. */
final class CodecEndpoint implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(CodecEndpoint.class);

  private final @Nullable CodecServer server;

  private CodecEndpoint(@Nullable CodecServer server) {
    this.server = server;
  }

  /** Starts it. That the port is taken is no failure: one worker of a machine is enough. */
  static CodecEndpoint start(MillraceConfig config, PayloadAccess payloads) {
    int port = config.payloads().codecPort();
    if (port == 0) {
      return new CodecEndpoint(null);
    }
    try {
      return new CodecEndpoint(payloads.serve(config.temporal(), port));
    } catch (IOException e) {
      logger.warn(
          "No codec endpoint on port {} ({}): another worker may have it, or set"
              + " payloads.codec-port",
          port,
          e.getMessage());
      return new CodecEndpoint(null);
    }
  }

  /** Where it is, for the log. */
  String address() {
    return server == null ? "none" : server.address().toString();
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }
}

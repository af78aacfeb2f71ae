package io.millrace.stack;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A port of the running stack, and what it asks of those who connect. All listen on loopback. No
 * page in a browser may read or change anything over one, and no store changes without a
 * credential; where that does not hold, {@code open} says why and what closes it. {@link #ALL} is
 * the whole list: a test fails on a listener that is not in it.
 *
 * @param process the name of the process
 * @param port which, or null for those whose numbers the system chooses
 * @param protocol what it speaks
 * @param credential what it asks for before anything changes; empty: nothing
 * @param checksHost whether a request with a foreign {@code Host} or {@code Origin} is refused;
 *     true for protocols that a browser cannot speak
 * @param open why it is as open as it is; empty if it is not
 */
public record Listener(
    String process,
    @Nullable Port port,
    Protocol protocol,
    String credential,
    boolean checksHost,
    String open) {

  /** What is spoken. */
  public enum Protocol {
    /** What browsers speak. */
    HTTP,
    /** HTTP that nothing is served over. */
    CLOSED_HTTP,
    /** gRPC, which pages in a browser cannot speak. */
    GRPC,
    /** Anything within TLS for which both sides need the same key. */
    MUTUAL_TLS,
    /** A protocol of its own. */
    OTHER
  }

  private static final String OTHER_USERS =
      " Other users of this machine can connect: use a machine of your own, or a firewall by user.";

  private static final String TEMPORAL_KNOWS_NOBODY =
      "Temporal's development server knows no users. Take a server with mTLS or API keys"
          + " (temporal.toml)."
          + OTHER_USERS;

  private static final String KAFKA_KNOWS_NOBODY =
      "The broker has no users. Take one with SASL (kafka.bootstrap-servers)." + OTHER_USERS;

  private static final String READ_ONLY = "Only shows numbers about the process.";

  /** Every listener. */
  public static final List<Listener> ALL =
      List.of(
          open("temporal", Port.TEMPORAL, Protocol.GRPC, true, TEMPORAL_KNOWS_NOBODY),
          open("temporal", null, Protocol.GRPC, true, TEMPORAL_KNOWS_NOBODY),
          open(
              "temporal",
              Port.TEMPORAL_UI,
              Protocol.HTTP,
              false,
              "The Web UI changes things only for its own pages, by a token of theirs, but answers"
                  + " to any host name: do not open it on a machine whose browser visits pages that"
                  + " you do not trust, or take a server of your own behind a proxy that checks."),
          asks("temporal", Port.TEMPORAL_HTTP, Protocol.HTTP, "nothing is let in"),
          open("temporal", Port.TEMPORAL_METRICS, Protocol.HTTP, false, READ_ONLY),
          asks("postgres", Port.POSTGRES, Protocol.OTHER, "password (SCRAM)"),
          open("kafka", Port.KAFKA, Protocol.OTHER, true, KAFKA_KNOWS_NOBODY),
          open("kafka", Port.KAFKA_CONTROLLER, Protocol.OTHER, true, KAFKA_KNOWS_NOBODY),
          asks("s3", Port.S3, Protocol.HTTP, "signature with the secret key"),
          asks("s3", Port.S3_GRPC, Protocol.MUTUAL_TLS, "certificate"),
          new Listener(
              "s3",
              Port.S3_MASTER,
              Protocol.HTTP,
              "nothing changes over it",
              false,
              "Shows a page with the number and size of volumes, and no data."),
          asks("s3", Port.S3_MASTER_GRPC, Protocol.MUTUAL_TLS, "certificate"),
          asks("s3", Port.S3_VOLUME, Protocol.HTTP, "signature with a key of the store"),
          asks("s3", Port.S3_VOLUME_GRPC, Protocol.MUTUAL_TLS, "certificate"),
          asks("s3", Port.S3_FILER, Protocol.CLOSED_HTTP, "nothing is served"),
          asks("s3", Port.S3_FILER_GRPC, Protocol.MUTUAL_TLS, "certificate"),
          asks("redis", Port.REDIS, Protocol.OTHER, "password"),
          open(
              "mlflow",
              Port.MLFLOW,
              Protocol.HTTP,
              true,
              "MLflow is started without its user database: its clients in notebooks would need a"
                  + " login. Foreign hosts and pages are refused. Take a server with"
                  + " --app-name basic-auth."
                  + OTHER_USERS),
          asks("connect", Port.CONNECT, Protocol.HTTP, "token"),
          asks("flink", Port.FLINK, Protocol.HTTP, "token"),
          asks("flink", null, Protocol.MUTUAL_TLS, "certificate"),
          open("flink", Port.FLINK_METRICS, Protocol.HTTP, false, READ_ONLY));

  private static Listener asks(
      String process, @Nullable Port port, Protocol protocol, String credential) {
    return new Listener(process, port, protocol, credential, true, "");
  }

  private static Listener open(
      String process, @Nullable Port port, Protocol protocol, boolean checksHost, String why) {
    return new Listener(process, port, protocol, "", checksHost, why);
  }

  /** The listener of a process at a port; empty if the list has none. */
  public static Optional<Listener> find(StackConfig config, String process, int number) {
    List<Listener> own = ALL.stream().filter(l -> l.process().equals(process)).toList();
    return own.stream()
        .filter(listener -> hasNumber(config, listener, number))
        .findFirst()
        .or(() -> own.stream().filter(listener -> listener.port() == null).findFirst());
  }

  private static boolean hasNumber(StackConfig config, Listener listener, int number) {
    Port port = listener.port();
    return port != null && config.port(port) == number;
  }
}

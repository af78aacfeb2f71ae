package io.millrace.stack.server;

import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.Port;
import io.millrace.stack.PrivateFiles;
import io.millrace.stack.StackConfig;
import io.millrace.stack.install.RedisBinary;
import io.millrace.stack.process.Executables;
import io.millrace.stack.process.HealthCheck;
import io.millrace.stack.process.ListenPort;
import io.millrace.stack.process.ProcessSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Redis with a password and an append-only file that is synced every second. */
public final class RedisServer implements Server {
  private static final int TIMEOUT_MILLIS = 10_000;

  private final StackConfig config;
  private final String password;

  /** Serves at the address of the settings. */
  public RedisServer(Settings settings) {
    this.config = settings.config();
    this.password = password(settings.endpoints().redis());
  }

  @Override
  public Component component() {
    return Component.REDIS;
  }

  @Override
  public void install() {
    program();
  }

  @Override
  public List<ListenPort> listenPorts() {
    return config.listenPorts(Component.REDIS);
  }

  @Override
  public ProcessSpec prepare() throws IOException {
    Path data = Files.createDirectories(config.data(Component.REDIS));
    Path file =
        PrivateFiles.write(
            data.resolve("redis.conf"),
            """
            bind 127.0.0.1
            port %d
            requirepass %s
            dir %s
            appendonly yes
            appendfsync everysec
            save ""
            daemonize no
            """
                .formatted(config.port(Port.REDIS), password, data));
    return new ProcessSpec(
        component().id(),
        List.of(program().toString(), file.toString()),
        Map.of(),
        data,
        listenPorts(),
        health(),
        Duration.ofSeconds(30),
        Duration.ofSeconds(20));
  }

  /**
   * Asks with the password for a pong: a server that still loads its data answers an error instead.
   */
  @Override
  public HealthCheck health() {
    return () -> {
      try (Socket socket = new Socket()) {
        socket.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), config.port(Port.REDIS)),
            TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        String request = "AUTH " + password + "\r\nPING\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        String expected = "+OK\r\n+PONG\r\n";
        byte[] answer = socket.getInputStream().readNBytes(expected.length());
        if (!expected.equals(new String(answer, StandardCharsets.US_ASCII))) {
          throw new IOException("Redis refused the password or still loads its data");
        }
      }
    };
  }

  private Path program() {
    return Executables.onPath("redis-server").orElseGet(() -> RedisBinary.in(config.cache()));
  }

  private static String password(Endpoints.Redis redis) {
    String userInfo = URI.create(redis.uri()).getUserInfo();
    return userInfo.substring(userInfo.indexOf(':') + 1);
  }
}

package io.millrace.workers.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.stack.Component;
import io.millrace.stack.Listener;
import io.millrace.stack.Listener.Protocol;
import io.millrace.stack.LocalStack;
import io.millrace.stack.Port;
import io.millrace.stack.StackConfig;
import io.millrace.stack.process.Listening;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who gets in where: every listener of the whole running stack against its list. */
class DoorsIT {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      Set.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private static LocalStack stack;
  private static StackConfig config;

  @BeforeAll
  static void start() {
    stack = LocalStack.forTests(Component.values());
    config = stack.stack().config();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void everyListenerIsOnLoopbackAndInTheList() {
    List<Listening> all = stack.stack().supervisor().listening();

    assertThat(all).hasSizeGreaterThan(15);
    assertThat(all).allSatisfy(l -> assertThat(l.address().isLoopbackAddress()).isTrue());
    assertThat(all)
        .allSatisfy(l -> assertThat(Listener.find(config, l.process(), l.port())).isPresent());
  }

  @Test
  void whatIsOpenSaysWhy() {
    assertThat(Listener.ALL)
        .allSatisfy(
            listener ->
                assertThat(listener.open().isEmpty())
                    .as(listener.toString())
                    .isEqualTo(!listener.credential().isEmpty() && listener.checksHost()));
  }

  /** Changes that would be made if they were let in; all but the last two as any page can send. */
  @Test
  void noChangeIsLetInFromAPageOrWithoutACredential() throws IOException {
    List<String> letIn = new ArrayList<>();
    for (Listener listener : http()) {
      int port = port(listener);
      for (Change change : Change.of(port(listener), listener)) {
        boolean fromPage = letIn(port, change, "http://evil.example");
        boolean byName = letIn(port, change.withHost("evil.example"), null);
        boolean bare = letIn(port, change, null);
        if (fromPage || (byName && listener.checksHost())) {
          letIn.add("page: " + listener.process() + " " + change);
        }
        if (bare && !listener.credential().isEmpty()) {
          letIn.add("no credential: " + listener.process() + " " + change);
        }
      }
    }
    assertThat(letIn).isEmpty();
  }

  @Test
  void noPageReads() throws IOException {
    List<String> read = new ArrayList<>();
    for (Listener listener : http()) {
      RawHttp.Answer named =
          RawHttp.send(port(listener), "GET", "/", "evil.example", List.of(), "");
      RawHttp.Answer foreign =
          RawHttp.send(
              port(listener),
              "GET",
              "/",
              "127.0.0.1:" + port(listener),
              List.of("Origin: http://evil.example"),
              "");
      if (listener.checksHost() && named.status() < 400) {
        read.add(listener.process() + " " + listener.port() + " by another name: " + named);
      }
      if (foreign.status() < 400 && foreign.allows("http://evil.example")) {
        read.add(listener.process() + " " + listener.port() + " for another origin: " + foreign);
      }
    }
    assertThat(read).isEmpty();
  }

  /** Whoever has not the key is not understood. */
  @Test
  void mutualTlsRefusesWhoHasNoKey() throws IOException {
    for (Listening socket : stack.stack().supervisor().listening()) {
      Optional<Listener> listener = Listener.find(config, socket.process(), socket.port());
      if (listener.filter(l -> l.protocol() == Protocol.MUTUAL_TLS).isPresent()) {
        assertThat(RawHttp.tlsWithoutKey(socket.port())).as(socket.toString()).isFalse();
      }
    }
  }

  @Test
  void whatServersKeepIsTheirOwnersAlone() throws IOException {
    Path state = config.state();
    assertThat(OWNER_ONLY).containsAll(Files.getPosixFilePermissions(state));
    try (Stream<Path> data = Files.walk(state.resolve("log"))) {
      assertThat(data.filter(Files::isRegularFile))
          .isNotEmpty()
          .allSatisfy(f -> assertThat(OWNER_ONLY).containsAll(Files.getPosixFilePermissions(f)));
    }
    try (Stream<Path> data = Files.walk(state.resolve("data/kafka/log"))) {
      assertThat(data.filter(Files::isRegularFile))
          .isNotEmpty()
          .allSatisfy(f -> assertThat(OWNER_ONLY).containsAll(Files.getPosixFilePermissions(f)));
    }
  }

  private static List<Listener> http() {
    return Listener.ALL.stream()
        .filter(l -> l.protocol() == Protocol.HTTP || l.protocol() == Protocol.CLOSED_HTTP)
        .toList();
  }

  private static int port(Listener listener) {
    Port port = listener.port();
    assertThat(port).isNotNull();
    return config.port(port);
  }

  private static boolean letIn(
      int port, Change change, @org.jspecify.annotations.Nullable String origin)
      throws IOException {
    List<String> headers = new ArrayList<>();
    headers.add("Content-Type: " + change.type());
    if (origin != null) {
      headers.add("Origin: " + origin);
    }
    return RawHttp.send(port, change.method(), change.path(), change.host(), headers, change.body())
            .status()
        < 400;
  }
}

package io.millrace.stack.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.stack.StackException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PortsTest {
  @Test
  void findsTheSocketOfAListener() {
    String listener =
        "   0: 0100007F:2384 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0"
            + " 31337 1 0";
    String connection = listener.replace(" 0A ", " 01 ");

    assertThat(Proc.listeningSocket(listener, 0x2384)).contains("socket:[31337]");
    assertThat(Proc.listeningSocket(listener, 0x2385)).isEmpty();
    assertThat(Proc.listeningSocket(connection, 0x2384)).isEmpty();
    assertThat(Proc.listeningSocket("  sl  local_address", 0x2384)).isEmpty();
  }

  @Test
  void saysWhoHoldsATakenPortAndWhatToDo() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ListenPort port = new ListenPort("temporal-ui", taken.getLocalPort());

      assertThatThrownBy(() -> Ports.requireFree(List.of(port)))
          .isInstanceOf(StackException.class)
          .hasMessageContaining("Port " + taken.getLocalPort() + " (temporal-ui) is taken by")
          .hasMessageContaining("pid " + ProcessHandle.current().pid())
          .hasMessageContaining("ports.temporal-ui=NUMBER")
          .hasMessageContaining("MILLRACE_TEMPORAL_UI_PORT");
    }
  }

  @Test
  void findsDistinctFreePorts() {
    List<Integer> ports = Ports.free(20);

    assertThat(ports).hasSize(20).doesNotHaveDuplicates().allMatch(Ports::isFree);
  }

  @Test
  void givesNoPortTwiceThoughNobodyListensOnItYet() {
    List<Integer> all = new ArrayList<>();
    for (int call = 0; call < 20; call++) {
      all.addAll(Ports.free(28));
    }
    assertThat(all).doesNotHaveDuplicates();
  }

  /** Two processes that draw at the same time, before anyone listens. */
  @Test
  void anotherProcessGetsOthers() throws Exception {
    List<Integer> mine = Ports.free(2_000);
    Process other =
        new ProcessBuilder(
                Executables.java().toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Draw.class.getName())
            .start();

    String theirs = new String(other.getInputStream().readAllBytes(), UTF_8);

    assertThat(other.waitFor()).isZero();
    assertThat(Stream.of(theirs.strip().split(" ")).map(Integer::valueOf))
        .hasSize(2_000)
        .doesNotContainAnyElementsOf(mine);
  }

  /** The other process. */
  static final class Draw {
    public static void main(String[] none) {
      Ports.free(2_000).forEach(port -> System.out.print(port + " "));
    }
  }
}

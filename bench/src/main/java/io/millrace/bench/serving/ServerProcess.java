package io.millrace.bench.serving;

import io.millrace.bench.JavaProcess;
import io.millrace.workers.local.ServingProcesses;
import java.io.BufferedReader;
import java.io.IOException;

/**
 * A {@link OneModelServer} in a process of its own, with the heap that {@code millrace up} gives a
 * replica, gone when closed.
 */
final class ServerProcess implements AutoCloseable {
  private final Process process;

  private ServerProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts a main of ours and returns once it listens.
   *
   * @throws IllegalStateException if it ends before
   */
  static ServerProcess start(Class<?> main, String... arguments) throws IOException {
    ServerProcess started =
        new ServerProcess(JavaProcess.of(ServingProcesses.HEAP, main, arguments).start());
    BufferedReader out = started.process.inputReader();
    if (!OneModelServer.READY.equals(out.readLine())) {
      started.close();
      throw new IllegalStateException("The server did not start; see above");
    }
    return started;
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}

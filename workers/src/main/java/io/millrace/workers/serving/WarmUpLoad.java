package io.millrace.workers.serving;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server of this machine over a few connections, each for the next as soon as it has an
 * answer: several at once, because a server hands work from thread to thread only then.
 */
final class WarmUpLoad implements AutoCloseable {
  private static final int CONNECTIONS = 4;
  private static final int TIMEOUT_MILLIS = 30_000;
  private static final int ANSWER_BYTES = 1 << 16;

  /** A proxy, too, makes its connections anew after so many. */
  private static final int REQUESTS_PER_CONNECTION = 1_000;

  private static final String OK = "HTTP/1.1 200";
  private static final Pattern LENGTH = Pattern.compile("Content-Length: ([0-9]+)");

  private final List<byte[]> requests;
  private final AtomicInteger answered = new AtomicInteger();
  private final int port;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;
  private volatile @Nullable IOException failure;

  private WarmUpLoad(int port, List<byte[]> requests) {
    this.port = port;
    this.requests = requests;
  }

  static WarmUpLoad start(int port, List<byte[]> requests) {
    WarmUpLoad load = new WarmUpLoad(port, requests);
    for (int i = 0; i < CONNECTIONS; i++) {
      load.threads.add(new Thread(load::run, "warm-up-" + i));
    }
    load.threads.forEach(Thread::start);
    return load;
  }

  /**
   * How many answers have come.
   *
   * @throws IOException if one was not 200, or none came
   */
  int answered() throws IOException {
    @Nullable IOException failed = failure;
    if (failed != null) {
      throw failed;
    }
    return answered.get();
  }

  private void run() {
    try {
      while (!closed) {
        ask();
      }
    } catch (IOException e) {
      failure = e;
    }
  }

  /** Over one connection. */
  private void ask() throws IOException {
    byte[] answer = new byte[ANSWER_BYTES];
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.setTcpNoDelay(true);
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      for (int asked = 0; asked < REQUESTS_PER_CONNECTION && !closed; asked++) {
        out.write(requests.get(answered.get() % requests.size()));
        String head = new String(answer, 0, read(in, answer), US_ASCII);
        if (!head.startsWith(OK)) {
          throw new IOException("A prediction was answered with: " + head);
        }
        int unused = answered.incrementAndGet();
      }
    }
  }

  /** Reads one answer; how many bytes it has. */
  private static int read(InputStream in, byte[] answer) throws IOException {
    int count = 0;
    int length = Integer.MAX_VALUE;
    while (count < length) {
      int more = in.read(answer, count, answer.length - count);
      if (more <= 0) {
        throw new IOException("An answer broke off after %d bytes".formatted(count));
      }
      count += more;
      length = length(new String(answer, 0, count, US_ASCII));
    }
    return count;
  }

  /** Of head and body; the greatest of all while the head is not whole. */
  private static int length(String text) {
    int head = text.indexOf("\r\n\r\n");
    Matcher length = LENGTH.matcher(text);
    return head < 0 || !length.find()
        ? Integer.MAX_VALUE
        : head + 4 + Integer.parseInt(length.group(1));
  }

  /** Waits for the answers that are due. */
  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}

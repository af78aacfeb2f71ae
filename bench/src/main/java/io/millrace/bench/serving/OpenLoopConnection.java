package io.millrace.bench.serving;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/** One connection of {@link OpenLoop}: a request at a time, answers with a content length. */
final class OpenLoopConnection {
  private static final int MAX = 1 << 14;
  private static final byte[] LENGTH = "content-length: ".getBytes(US_ASCII);
  private static final byte[] CLOSE = "connection: close".getBytes(US_ASCII);

  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final SocketChannel channel;
  private final ByteBuffer answer = ByteBuffer.allocateDirect(MAX);
  private long due;
  private boolean waiting;

  private OpenLoopConnection(SocketChannel channel) {
    this.channel = channel;
  }

  static OpenLoopConnection open(InetSocketAddress address, Selector selector) throws IOException {
    SocketChannel channel = SocketChannel.open(address);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    OpenLoopConnection connection = new OpenLoopConnection(channel);
    channel.register(selector, SelectionKey.OP_READ, connection);
    selector.wakeup();
    return connection;
  }

  /** The bytes of a request with a body of JSON. */
  static ByteBuffer post(URI url, String body) {
    byte[] json = body.getBytes(UTF_8);
    byte[] head =
        "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(url.getPath(), url.getAuthority(), json.length)
            .getBytes(US_ASCII);
    return ByteBuffer.allocateDirect(head.length + json.length).put(head).put(json).flip();
  }

  /**
   * Whether another request may be sent; one that was idle for long is closed, before the server
   * does it beside a request.
   */
  synchronized boolean isUsable() {
    if (System.nanoTime() - due > IDLE_NANOS) {
      close();
    }
    return channel.isOpen();
  }

  /** Sends a request whose latency counts from when it was due; returns whether that went well. */
  boolean send(ByteBuffer request, long dueNanos, OpenLoop.Answers answers) {
    begin(dueNanos);
    try {
      while (request.hasRemaining()) {
        int unused = channel.write(request);
      }
      return true;
    } catch (IOException e) {
      return !end(answers, "cannot be sent: " + e.getMessage());
    }
  }

  private synchronized void begin(long dueNanos) {
    due = dueNanos;
    waiting = true;
  }

  /** Takes what has come; returns whether that ends an answer, so that another may be sent. */
  synchronized boolean read(OpenLoop.Answers answers) {
    try {
      if (channel.read(answer) < 0) {
        return end(answers, "the connection was closed");
      }
    } catch (IOException e) {
      return end(answers, String.valueOf(e.getMessage()));
    }
    int body = afterHead();
    if (body < 0 || answer.position() < body + length(body)) {
      return false;
    }
    waiting = false;
    boolean ok = answer.get(9) == '2' && answer.get(10) == '0' && answer.get(11) == '0';
    answers.add(due, ok ? null : text());
    boolean last = valueOf(CLOSE, body) >= 0;
    answer.clear();
    if (last) {
      close();
    }
    return true;
  }

  /** Where the body begins; -1 if the head is not whole yet. */
  private int afterHead() {
    for (int i = 3; i < answer.position(); i++) {
      if (answer.get(i) == '\n' && answer.get(i - 1) == '\r' && answer.get(i - 2) == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private int length(int head) {
    int at = valueOf(LENGTH, head);
    if (at < 0) {
      throw new IllegalStateException("An answer without a length: " + text());
    }
    int length = 0;
    for (; answer.get(at) >= '0' && answer.get(at) <= '9'; at++) {
      length = 10 * length + answer.get(at) - '0';
    }
    return length;
  }

  /** Where a line of the head goes on that begins so, in whatever case; -1 if none does. */
  private int valueOf(byte[] name, int head) {
    for (int line = 0; line + name.length < head; line++) {
      int matched = 0;
      while (matched < name.length
          && Character.toLowerCase(answer.get(line + matched)) == name[matched]) {
        matched++;
      }
      if (matched == name.length) {
        return line + matched;
      }
      while (line < head && answer.get(line) != '\n') {
        line++;
      }
    }
    return -1;
  }

  private String text() {
    byte[] bytes = new byte[Math.min(answer.position(), 200)];
    answer.get(0, bytes);
    return new String(bytes, US_ASCII);
  }

  /** Waits no longer for an answer; returns whether it did. */
  synchronized boolean giveUp(OpenLoop.Answers answers, String reason) {
    return waiting && end(answers, reason);
  }

  /** An idle connection may be closed by the server; one that waits for an answer may not. */
  private synchronized boolean end(OpenLoop.Answers answers, String reason) {
    close();
    if (waiting) {
      waiting = false;
      answers.add(due, reason);
      return true;
    }
    return false;
  }

  private void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new IllegalStateException("A connection cannot be closed", e);
    }
  }
}

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
import java.util.Locale;

/** One connection of {@link OpenLoop}: a request at a time, answers with a content length. */
final class OpenLoopConnection {
  private static final int MOST = 1 << 16;
  private static final String END = "\r\n\r\n";

  private final SocketChannel channel;
  private final ByteBuffer answer = ByteBuffer.allocate(MOST);
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
        "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d%s"
            .formatted(url.getPath(), url.getAuthority(), json.length, END)
            .getBytes(US_ASCII);
    return ByteBuffer.allocate(head.length + json.length).put(head).put(json).flip();
  }

  boolean isOpen() {
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
    String text = new String(answer.array(), 0, answer.position(), US_ASCII);
    int head = text.indexOf(END);
    if (head < 0 || answer.position() < head + END.length() + length(text.substring(0, head))) {
      return false;
    }
    answer.clear();
    waiting = false;
    String status = text.substring(9, 12);
    answers.add(System.nanoTime() - due, status.equals("200") ? null : firstLine(text));
    if (text.substring(0, head).toLowerCase(Locale.ROOT).contains("connection: close")) {
      close();
    }
    return true;
  }

  private static String firstLine(String text) {
    return text.substring(0, Math.min(text.length(), 200));
  }

  private static int length(String head) {
    for (String line : head.split("\r\n", -1)) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        return Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
      }
    }
    throw new IllegalStateException("An answer without a length: " + head);
  }

  /** An idle connection may be closed by the server; one that waits for an answer may not. */
  private synchronized boolean end(OpenLoop.Answers answers, String reason) {
    close();
    if (waiting) {
      waiting = false;
      answers.add(System.nanoTime() - due, reason);
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

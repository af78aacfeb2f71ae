package io.millrace.bench.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Locale;

/** A connection that sends what it is given, be it HTTP or not, and reads one answer at a time. */
final class FuzzConnection implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 30_000;

  private final Socket socket = new Socket();
  private final InputStream in;
  private boolean last;

  FuzzConnection(int port) throws IOException {
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /**
   * An answer.
   *
   * @param status 0 if the server closed the connection without one
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Answer(int status, String type, byte[] body) {
    static final Answer NONE = new Answer(0, "", new byte[0]);
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  void sendNoMore() throws IOException {
    socket.shutdownOutput();
  }

  /** Whether the server has said that it will close, or the answer's length was not to be had. */
  boolean isLast() {
    return last;
  }

  Answer read() throws IOException {
    String status = line();
    if (status.isEmpty()) {
      last = true;
      return Answer.NONE;
    }
    int length = -1;
    String type = "";
    for (String line = line(); !line.isEmpty(); line = line()) {
      String low = line.toLowerCase(Locale.ROOT);
      if (low.startsWith("content-length:")) {
        length = Integer.parseInt(low.substring(15).strip());
      } else if (low.startsWith("content-type:")) {
        type = low.substring(13).strip();
      } else if (low.startsWith("connection: close")) {
        last = true;
      } else if (low.startsWith("transfer-encoding:")) {
        return new Answer(Integer.parseInt(status.substring(9, 12)), type, chunks());
      }
    }
    last |= length < 0;
    byte[] body = length < 0 ? in.readAllBytes() : in.readNBytes(length);
    return new Answer(Integer.parseInt(status.substring(9, 12)), type, body);
  }

  private byte[] chunks() throws IOException {
    while (!line().isEmpty()) {
      // The rest of the head.
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
      all.write(in.readNBytes(size));
      String unused = line();
    }
    String unused = line();
    return all.toByteArray();
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  static byte[] head(String method, String path, String headers, int length) {
    return "%s %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %d\r\n\r\n"
        .formatted(method, path, headers, length)
        .getBytes(ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

package io.millrace.serving.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.millrace.testing.Waiting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;

/** Speaks to the server as no HTTP library would. */
final class RawClient implements AutoCloseable {
  private final Socket socket = new Socket();

  RawClient(int port) throws IOException {
    socket.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
        (int) Waiting.LIMIT.toMillis());
    socket.setSoTimeout((int) Waiting.LIMIT.toMillis());
  }

  RawClient send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
    return this;
  }

  RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Says that nothing more will come. */
  RawClient shutOutput() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** What comes until it ends with a text, or the server closes the connection. */
  String until(String end) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf(end) < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        break;
      }
      text.append((char) next);
    }
    return text.toString();
  }

  /** What comes for one more request; nothing if the connection is closed already. */
  String askAgain(String text) throws IOException {
    try {
      return send(text).rest();
    } catch (SocketException e) {
      return "";
    }
  }

  /** Whether nothing listens any more; a connection that was waiting to be accepted is reset. */
  static boolean isRefused(int port) throws IOException {
    try {
      new RawClient(port).close();
      return false;
    } catch (SocketException e) {
      return true;
    }
  }

  /** What comes until the server closes the connection. */
  String rest() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    socket.getInputStream().transferTo(all);
    return all.toString(ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

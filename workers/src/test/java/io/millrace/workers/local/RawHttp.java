package io.millrace.workers.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Requests as an attacker writes them, with any host: clients of Java choose it themselves. */
final class RawHttp {
  private RawHttp() {}

  /** What came back: the status, 599 if the connection was broken off, and all headers. */
  record Answer(int status, String head) {
    /** Whether a page of the origin may read it. */
    boolean allows(String origin) {
      return head.toLowerCase(Locale.ROOT)
          .lines()
          .filter(line -> line.startsWith("access-control-allow-origin:"))
          .anyMatch(line -> line.contains("*") || line.contains(origin));
    }
  }

  static Answer send(
      int port, String method, String path, String host, List<String> headers, String body)
      throws IOException {
    byte[] content = body.getBytes(UTF_8);
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(path).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(host).append("\r\nConnection: close\r\n");
    headers.stream()
        .filter(header -> !header.endsWith(": "))
        .forEach(header -> head.append(header).append("\r\n"));
    head.append("Content-Length: ").append(content.length).append("\r\n\r\n");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(120_000);
      socket.getOutputStream().write(head.toString().getBytes(UTF_8));
      socket.getOutputStream().write(content);
      socket.getOutputStream().flush();
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      String[] first = answer.split("[ \r]", 3);
      int status = first.length < 2 ? 599 : Integer.parseInt(first[1]);
      return new Answer(status, answer.split("\r\n\r\n", 2)[0]);
    } catch (IOException e) {
      return new Answer(599, "" + e);
    }
  }

  /** Whether a server serves somebody who shows no key. */
  static boolean tlsWithoutKey(int port) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustsAll()}, null);
      try (SSLSocket socket =
          (SSLSocket)
              context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
        socket.setSoTimeout(120_000);
        socket.startHandshake();
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
        socket.getOutputStream().flush();
        return socket.getInputStream().read() >= 0;
      }
    } catch (IOException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class TrustsAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}

package io.millrace.stack.process;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;

/**
 * A TCP socket that a process listens on.
 *
 * @param process the name of the process
 * @param address where it listens
 * @param port its number
 */
public record Listening(String process, InetAddress address, int port) {

  /** Of a local address in {@code /proc/net/tcp} or {@code tcp6}, such as {@code 0100007F:2384}. */
  static Listening of(String process, String local) {
    int colon = local.indexOf(':');
    byte[] words = HexFormat.of().parseHex(local.substring(0, colon));
    byte[] bytes = new byte[words.length];
    for (int i = 0; i < words.length; i++) {
      bytes[i] = words[i - i % 4 + 3 - i % 4]; // each word of four bytes stands backwards
    }
    try {
      return new Listening(
          process,
          InetAddress.getByAddress(bytes),
          Integer.parseInt(local.substring(colon + 1), 16));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an address: " + local, e);
    }
  }
}

package io.millrace.activities.notify;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes mails without encryption, from user {@code mill} with password {@code sesame}. */
final class FakeSmtpServer {

  private final ServerSocket socket;
  private final Thread thread;
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private volatile String answerToRecipient = "250 fine";

  FakeSmtpServer() throws IOException {
    socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    thread = new Thread(this::serve, "smtp");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return socket.getLocalPort();
  }

  /** All lines that clients have said, of commands and of mails. */
  List<String> heard() {
    return heard;
  }

  void answerToRecipient(String line) {
    answerToRecipient = line;
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept();
          BufferedReader in =
              new BufferedReader(
                  new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
          PrintWriter out =
              new PrintWriter(
                  new OutputStreamWriter(client.getOutputStream(), StandardCharsets.UTF_8), true)) {
        talk(in, out);
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void talk(BufferedReader in, PrintWriter out) throws IOException {
    say(out, "220 fake");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      heard.add(line);
      String command = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
      switch (command) {
        case "EHLO" -> say(out, "250-fake\r\n250 AUTH PLAIN");
        case "AUTH" -> say(out, isRight(line) ? "235 welcome" : "535 wrong password");
        case "RCPT" -> say(out, answerToRecipient);
        case "DATA" -> {
          say(out, "354 go on");
          for (String text = in.readLine(); !".".equals(text); text = in.readLine()) {
            heard.add(text);
          }
          say(out, "250 taken");
        }
        case "QUIT" -> say(out, "221 bye");
        default -> say(out, "250 fine");
      }
    }
  }

  /** RFC 4616: somebody to act as, user and password, with zeros between. */
  private static boolean isRight(String line) {
    byte[] told = Base64.getDecoder().decode(line.replaceFirst("AUTH PLAIN ", ""));
    return new String(told, StandardCharsets.UTF_8).endsWith("\0mill\0sesame");
  }

  private static void say(PrintWriter out, String line) {
    out.print(line + "\r\n");
    out.flush();
  }

  /**
   * Ends, and waits for the server's thread: one that still accepts would take the next mail as
   * well.
   */
  void stop() throws IOException, InterruptedException {
    socket.close();
    thread.join();
  }
}

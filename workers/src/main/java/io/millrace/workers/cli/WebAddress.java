package io.millrace.workers.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Text as part of a web address. */
final class WebAddress {

  private WebAddress() {}

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}

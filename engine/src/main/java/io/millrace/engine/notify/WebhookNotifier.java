package io.millrace.engine.notify;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.Locale;

/**
 * Posts a notification as JSON: {@code level} (info, warning or error), {@code title}, {@code
 * text}, {@code fields}, {@code link}, {@code at}. Any status of 2xx is a delivery.
 */
public final class WebhookNotifier implements Notifier {

  private final HttpPost post;

  public WebhookNotifier(URI address) {
    this.post = new HttpPost(address);
  }

  @Override
  public void send(Notification notification) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("level", notification.level().name().toLowerCase(Locale.ROOT));
    body.put("title", notification.title());
    body.put("text", notification.text());
    ObjectNode fields = body.putObject("fields");
    notification.fields().forEach(fields::put);
    body.put("link", notification.link());
    body.put("at", notification.at().toString());
    post.send(body);
  }
}

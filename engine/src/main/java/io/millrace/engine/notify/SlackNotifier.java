package io.millrace.engine.notify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;

/**
 * Posts a notification as Slack's incoming webhooks take it (Mattermost, Rocket.Chat and Discord's
 * {@code /slack} addresses take the same): a line of text, and an attachment with a coloured bar.
 */
public final class SlackNotifier implements Notifier {

  private static final int MAX_SHORT = 40;

  private final HttpPost post;

  public SlackNotifier(URI address) {
    this.post = new HttpPost(address);
  }

  @Override
  public void send(Notification notification) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("text", escape(notification.title()));
    ObjectNode attachment = body.putArray("attachments").addObject();
    attachment.put("color", color(notification.level()));
    attachment.put("fallback", escape(notification.title()));
    if (notification.link() != null) {
      attachment.put("title", "open");
      attachment.put("title_link", notification.link());
    }
    attachment.put("text", escape(notification.text()));
    ArrayNode fields = attachment.putArray("fields");
    notification
        .fields()
        .forEach(
            (name, value) ->
                fields
                    .addObject()
                    .put("title", name)
                    .put("value", escape(value))
                    .put("short", value.length() <= MAX_SHORT));
    attachment.put("ts", notification.at().getEpochSecond());
    post.send(body);
  }

  private static String color(Notification.Level level) {
    return switch (level) {
      case INFO -> "good";
      case WARNING -> "warning";
      case ERROR -> "danger";
    };
  }

  /** Slack's three control characters. */
  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}

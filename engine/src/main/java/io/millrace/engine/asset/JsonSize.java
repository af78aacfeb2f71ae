package io.millrace.engine.asset;

import org.jspecify.annotations.Nullable;

/** How many bytes values take as JSON: what a workflow keeps is limited by it. */
final class JsonSize {

  /** Field names, quotes, times and numbers of an event in a log. */
  private static final int EVENT = 130;

  /** Brackets and commas. */
  private static final int KEY = 8;

  private static final int ESCAPE = 6;

  /** What a message has besides its lists, with names of some hundred characters. */
  private static final int MESSAGE = 2_000;

  private JsonSize() {}

  static int of(AssetEvent event) {
    int size = EVENT + of(event.asset()) + of(event.partition()) + of(event.source());
    if (event.extra() != null) {
      size += of(event.extra().toString());
    }
    return event.earlier() == null
        ? size
        : size + event.earlier().partitions().stream().mapToInt(JsonSize::of).sum();
  }

  static int of(PartitionKey key) {
    return KEY
        + of(key.partition())
        + of(key.events())
        + of(key.first())
        + of(key.last())
        + of(key.at());
  }

  /** About: texts are counted, field names and numbers are taken as a fixed size. */
  static int of(AssetMessage message) {
    if (message instanceof AssetMessage.Emission emission) {
      return MESSAGE + emission.records().stream().mapToInt(one -> EVENT + of(one.event())).sum();
    } else if (message instanceof AssetMessage.Subscribers subscribers) {
      return MESSAGE + subscribers.all().stream().mapToInt(one -> EVENT + of(one.dag())).sum();
    } else if (message instanceof AssetMessage.Adoption adoption) {
      return MESSAGE
          + adoption.shown().stream().mapToInt(JsonSize::of).sum()
          + adoption.taken().keySet().stream().mapToInt(log -> KEY + of(log)).sum();
    } else if (message instanceof AssetMessage.Read read) {
      return MESSAGE + read.partitions().stream().mapToInt(JsonSize::of).sum();
    } else if (message instanceof AssetMessage.Assignment assignment) {
      return MESSAGE + assignment.waiting().stream().mapToInt(JsonSize::of).sum();
    } else if (message instanceof AssetMessage.News news) {
      return MESSAGE + news.keys().stream().mapToInt(JsonSize::of).sum();
    } else if (message instanceof AssetMessage.Page page) {
      return MESSAGE + page.events().stream().mapToInt(one -> of(one.event())).sum();
    }
    return MESSAGE;
  }

  private static int of(long number) {
    int digits = number < 0 ? 2 : 1;
    for (long rest = number / 10; rest != 0; rest /= 10) {
      digits++;
    }
    return digits;
  }

  static int of(@Nullable String text) {
    if (text == null) {
      return 0;
    }
    int size = 3;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ') {
        size += ESCAPE;
      } else if (c < 0x80) {
        size += c == '"' || c == '\\' ? 2 : 1;
      } else {
        size += c < 0x800 ? 2 : 3;
      }
    }
    return size;
  }
}

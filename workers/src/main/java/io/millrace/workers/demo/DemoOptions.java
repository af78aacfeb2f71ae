package io.millrace.workers.demo;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for.
 *
 * @param events how many messages to make up, unless there is an input
 * @param input a REES46 file to replay instead; null for made-up events
 * @param jsonFile where the report goes as JSON; null for nowhere
 */
public record DemoOptions(long events, @Nullable Path input, @Nullable Path jsonFile) {
  private static final long MAX_LIVE = 1_000;
  private static final long MAX_CAPTURED = 500;

  /** Of the events, how many are sent at a steady pace and watched for until they are served. */
  long live() {
    return input == null ? Math.min(MAX_LIVE, events / 10) : 0;
  }

  /** Of the events, how many are written into a table whose changes are captured. */
  long captured() {
    return input == null ? Math.min(MAX_CAPTURED, events / 20) : 0;
  }

  /** The rest, which are sent as fast as it goes. */
  long bulk() {
    return events - live() - captured();
  }
}

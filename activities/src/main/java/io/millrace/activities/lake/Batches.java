package io.millrace.activities.lake;

import io.millrace.workflows.lake.LakeBatch;
import io.millrace.workflows.lake.LakeHour;
import io.millrace.workflows.lake.LakeListing;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Groups objects into batches of a bounded number and size, in key order. */
final class Batches {
  /** What a run can map over; objects beyond these are the next run's. */
  static final int MAX_BATCHES = 400;

  /** Ids that a batch of an hour shows; it loads whatever the hour has then. */
  private static final int MAX_IDS = 20;

  private static final Pattern PARTITION =
      Pattern.compile("year=(\\d+)/month=(\\d+)/day=(\\d+)/hour=(\\d+)");

  private Batches() {}

  static List<LakeBatch> of(LakeListing listing, List<ObjectLedger.Entry> entries) {
    List<LakeBatch> batches = new ArrayList<>();
    List<ObjectLedger.Entry> open = new ArrayList<>();
    long bytes = 0;
    for (ObjectLedger.Entry entry : entries) {
      open.add(entry);
      bytes += entry.object().sizeBytes();
      if (open.size() == listing.batchObjects() || bytes >= listing.batchBytes()) {
        batches.add(batch(open, bytes));
        open.clear();
        bytes = 0;
      }
    }
    if (!open.isEmpty()) {
      batches.add(batch(open, bytes));
    }
    return List.copyOf(batches.subList(0, Math.min(batches.size(), MAX_BATCHES)));
  }

  /** An hour that is loaded as a whole. */
  static LakeBatch of(LakeHour hour, List<HourFolder.Known> objects) {
    String name = "%s (%d objects)".formatted(partition(hour.folder()), objects.size());
    return new LakeBatch(
        name,
        objects.stream().map(HourFolder.Known::objectId).limit(MAX_IDS).toList(),
        objects.stream().mapToLong(object -> object.object().sizeBytes()).sum(),
        hour);
  }

  /** The hour of a key; empty if it has none. */
  static Optional<Instant> hour(String key) {
    Matcher matcher = PARTITION.matcher(key);
    if (!matcher.find()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          LocalDateTime.of(
                  Integer.parseInt(matcher.group(1)),
                  Integer.parseInt(matcher.group(2)),
                  Integer.parseInt(matcher.group(3)),
                  Integer.parseInt(matcher.group(4)),
                  0)
              .toInstant(ZoneOffset.UTC));
    } catch (DateTimeException | NumberFormatException e) {
      return Optional.empty(); // no hour, only digits
    }
  }

  /** Nothing to ingest, but something that an earlier run began. */
  static LakeBatch unfinished() {
    return new LakeBatch("what an earlier run left unfinished", List.of(), 0);
  }

  private static LakeBatch batch(List<ObjectLedger.Entry> entries, long bytes) {
    String name =
        "%s (%d objects)".formatted(partition(entries.get(0).object().key()), entries.size());
    return new LakeBatch(name, entries.stream().map(ObjectLedger.Entry::objectId).toList(), bytes);
  }

  private static String partition(String key) {
    Matcher matcher = PARTITION.matcher(key);
    return matcher.find()
        ? "%s-%s-%s %sh"
            .formatted(matcher.group(1), matcher.group(2), matcher.group(3), matcher.group(4))
        : key.substring(key.lastIndexOf('/') + 1);
  }
}

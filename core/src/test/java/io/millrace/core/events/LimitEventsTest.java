package io.millrace.core.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.features.FeatureMessage;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.core.features.OnlineVersion;
import io.millrace.core.features.PriceTier;
import io.millrace.core.features.SessionActivity;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the contract accepts, every record of ours can hold. */
class LimitEventsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T05:00:00Z");

  static List<Event> events() {
    return LimitEvents.all();
  }

  @Test
  void noTwoAreTheSameEvent() {
    assertAllDiffer(EventIdentity::hex);
    assertAllDiffer(Event::userSession);
    assertAllDiffer(event -> new OnlineKey(event.userId(), event.productId()));
    assertThat(events().stream().map(RawEnvelope::of).mapToInt(raw -> raw.length).max())
        .hasValue(EventReader.MAX_BYTES);
  }

  private static void assertAllDiffer(Function<Event, Object> what) {
    assertThat(events().stream().map(what).collect(Collectors.toSet())).hasSameSizeAs(events());
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("events")
  void staysTheSameThroughEveryEnvelope(Event event) {
    byte[] raw = RawEnvelope.of(event);
    Verdict valid = new Verdict.Valid(event);

    assertThat(new EventReader().read(raw)).isEqualTo(valid);
    assertThat(EventReader.ofValidated().read(OutputEnvelope.valid(raw, NOW))).isEqualTo(valid);
    assertThat(EventReader.ofValidated().read(CdcEnvelope.of(event))).isEqualTo(valid);
    assertThat(OutputEnvelope.valid(raw, NOW).length - raw.length)
        .isLessThanOrEqualTo(OutputEnvelope.MAX_ADDED);
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("events")
  void hasFeaturesThatAreReadAsTheyWereWritten(Event event) {
    SessionActivity.Change change = SessionActivity.empty().add(SessionActivity.Entry.of(event));
    OnlineRow row = OnlineRow.of(event, 1);

    assertThat(change.counted().version()).isEqualTo(row.version());
    assertThat(OnlineRow.parse(row.text())).isEqualTo(row);
    assertThat(OnlineKey.parse(change.counted().entry().key().text()))
        .isEqualTo(new OnlineKey(event.userId(), event.productId()));
    assertThat(FeatureMessage.of(event, EventTime.format(event.eventTime()), NOW)).isNotEmpty();
    assertThat(PriceTier.of(event.price())).isNotNull();
    assertThat(EventTime.ofEpochMicros(EventTime.toEpochMicros(event.eventTime())))
        .isEqualTo(event.eventTime());
  }

  @Test
  void ofTwoEventsTheLaterHasTheGreaterVersion() {
    List<Event> byTime = events().stream().sorted(Comparator.comparing(Event::eventTime)).toList();
    for (int i = 1; i < byTime.size(); i++) {
      OnlineVersion before = OnlineVersion.of(byTime.get(i - 1), 9_999_999_999L);
      OnlineVersion after = OnlineVersion.of(byTime.get(i), 1);

      assertThat(before.text()).hasSize(OnlineVersion.LENGTH);
      if (byTime.get(i - 1).eventTime().isBefore(byTime.get(i).eventTime())) {
        assertThat(before).isLessThan(after);
      }
    }
  }

  @Test
  void aSessionIsFullAtItsLimitAndKnowsWhatItHas() {
    SessionActivity activity = SessionActivity.empty();
    SessionActivity.Entry first = new SessionActivity.Entry(0, 0, 0, 1, 1);
    for (int i = 0; i < SessionActivity.MAX_EVENTS; i++) {
      assertThat(activity.isFull()).isFalse();
      activity = activity.add(new SessionActivity.Entry(i, i, i, 1, 1)).session();
    }

    assertThat(activity.isFull()).isTrue();
    assertThat(activity.contains(first)).isTrue();
    assertThat(activity.contains(new SessionActivity.Entry(0, 1, 0, 1, 1))).isFalse();
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("texts")
  void replacesWhatNoStageCanStore(String text, String storable) {
    assertThat(StorableText.isStorable(text)).isEqualTo(text.equals(storable));
    assertThat(StorableText.of(text)).isEqualTo(storable);
    assertThat(StorableText.isStorable(StorableText.of(text, 3))).isTrue();
  }

  static List<Arguments> texts() {
    return List.of(
        Arguments.of("a\uD83D\uDE00", "a\uD83D\uDE00"),
        Arguments.of("ab\uD83D\uDE00c", "ab\uD83D\uDE00c"),
        Arguments.of("a\u0000b", "a\uFFFDb"),
        Arguments.of("\uD83D", "\uFFFD"),
        Arguments.of("\uDE00\uD83D", "\uFFFD\uFFFD"),
        Arguments.of("\uD83Dx\uDE00", "\uFFFDx\uFFFD"));
  }
}

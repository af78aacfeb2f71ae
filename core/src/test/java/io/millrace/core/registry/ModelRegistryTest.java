package io.millrace.core.registry;

import static io.millrace.core.registry.MemoryRegistry.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.core.registry.PromotionRecord.Kind;
import io.millrace.core.registry.PromotionRefusedException.Rule;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of promotion, each broken once, and every change that fails half-way. */
class ModelRegistryTest {
  private static final String BROKEN = "9";

  private final List<String> announced = new ArrayList<>();
  private final List<String> verified = new ArrayList<>();

  /** Four versions: 1 to 3 passed, 4 did not, 5 was seen by no gate, and 9 predicts nonsense. */
  private static MemoryRegistry store() {
    MemoryRegistry store = new MemoryRegistry();
    Stream.of("1", "2", "3", BROKEN).forEach(version -> store.version(version, "passed"));
    return store.version("4", "held").version("5", "");
  }

  private ModelRegistry registry(RegistryStore store) {
    return new ModelRegistry(store, this::verify, announced::add, new Ticks());
  }

  private void verify(String model, String version) {
    verified.add(version);
    if (version.equals(BROKEN)) {
      throw new IllegalArgumentException("instance 3 gives 0.5, not 0.7");
    }
  }

  /** One second later each time. */
  private static final class Ticks extends Clock {
    private Instant now = Instant.parse("2026-12-01T00:00:00Z");

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      now = now.plusSeconds(1);
      return now;
    }
  }

  @Test
  void championAndCurrentMoveTogetherWithARecordOnTheVersion() {
    MemoryRegistry store = store();
    ModelRegistry registry = registry(store);

    assertThat(registry.promote(promotion("1")))
        .isEqualTo(new Promotion(MODEL, null, "1", List.of("champion", "current")));
    registry.promote(promotion("2"));

    assertThat(store.aliases).isEqualTo(Map.of("champion", "2", "current", "2"));
    assertThat(registry.history(MODEL))
        .extracting(
            PromotionRecord::by,
            PromotionRecord::reason,
            PromotionRecord::from,
            PromotionRecord::to,
            PromotionRecord::kind)
        .containsExactly(
            tuple("ann", "because", "1", "2", Kind.PROMOTION),
            tuple("ann", "because", null, "1", Kind.PROMOTION));
    assertThat(announced).containsExactly(MODEL, MODEL);
    assertThat(verified).containsExactly("1", "2");
  }

  @Test
  void aChampionOfAnEarlierReleaseGetsItsSecondAlias() {
    MemoryRegistry store = store();
    store.aliases.put("champion", "1");
    store.aliases.put("current", "3");

    registry(store).promote(promotion("1"));

    assertThat(store.aliases).isEqualTo(Map.of("champion", "1", "current", "1"));
    assertThat(store.allRecords()).as("the champion has not changed").isEmpty();
  }

  @Test
  void onlyAPersonWithAReasonGoesPastTheGate() {
    MemoryRegistry store = store();
    ModelRegistry registry = registry(store);

    refused(Rule.GATE, "did not pass the gate", () -> registry.promote(promotion("4")));
    refused(Rule.GATE, "was evaluated by no gate", () -> registry.promote(promotion("5")));
    assertThatThrownBy(() -> PromotionRequest.forced(MODEL, "4", "ann", " "))
        .hasMessage("A promotion past the gate needs a reason, which is recorded on the version");
    assertThat(store.changes).isZero();

    registry.promote(PromotionRequest.forced(MODEL, "4", "ann", "the test set is wrong"));
    assertThat(store.aliases).containsEntry("champion", "4").containsEntry("current", "4");
    assertThat(store.records("4"))
        .extracting(PromotionRecord::kind, PromotionRecord::reason)
        .containsExactly(tuple(Kind.FORCED, "the test set is wrong"));
  }

  @Test
  void nothingThatPredictsSomethingElseGetsAnAliasNotEvenByForce() {
    MemoryRegistry store = store();
    ModelRegistry registry = registry(store);

    for (ThrowingCallable change :
        List.<ThrowingCallable>of(
            () -> registry.promote(promotion(BROKEN)),
            () -> registry.promote(PromotionRequest.forced(MODEL, BROKEN, "ann", "now")),
            () -> registry.startCanary(MODEL, BROKEN, 0.5),
            () -> registry.startShadow(MODEL, BROKEN))) {
      refused(Rule.GOLDEN_BATCH, "instance 3 gives 0.5, not 0.7", change);
    }
    assertThat(store.changes).isZero();
  }

  @Test
  void aTrainingReplacesOnlyTheChampionThatItComparedWith() {
    MemoryRegistry store = store();
    ModelRegistry registry = registry(store);
    registry.promote(trained("1", null, true));

    refused(
        Rule.COMPARISON,
        "the alias champion points at version 1, but the comparison was with none: start the"
            + " training again",
        () -> registry.promote(trained("2", null, true)));
    registry.promote(trained("2", "1", false));

    assertThat(store.aliases).isEqualTo(Map.of("champion", "2", "current", "2", "best", "1"));
    assertThat(registry.promote(trained("2", "1", false)).aliases())
        .as("a retry")
        .containsExactly("champion", "current");
    assertThat(store.records("2")).hasSize(1);
  }

  @Test
  void aRollbackGoesToWhatServedBeforeAndOnFromThere() {
    MemoryRegistry store = store();
    ModelRegistry registry = registry(store);
    List.of("1", "2", "3").forEach(version -> registry.promote(promotion(version)));

    assertThat(registry.rollBack(MODEL, "ann", "errors", null).to()).isEqualTo("2");
    assertThat(registry.rollBack(MODEL, "ann", "more errors", "3").to()).isEqualTo("1");
    refused(
        Rule.PREVIOUS,
        "is known to have served before version 1",
        () -> registry.rollBack(MODEL, "ann", "again", "2"));
    assertThat(store.aliases).isEqualTo(Map.of("champion", "1", "current", "1"));
    assertThat(store.records("2"))
        .extracting(PromotionRecord::kind)
        .containsExactly(Kind.PROMOTION, Kind.ROLLBACK);
  }

  @Test
  void aRollbackNeedsNoGateAndKnowsWhatServedBeforeAnUnrecordedChampion() {
    MemoryRegistry store = store();
    store.aliases.put("champion", "1");
    ModelRegistry registry = registry(store);

    refused(Rule.PREVIOUS, "", () -> registry.rollBack(MODEL, "ann", "errors", null));
    registry.rollBack(MODEL, "ann", "errors", "5");
    assertThat(store.aliases).isEqualTo(Map.of("champion", "5", "current", "5"));
    registry.promote(promotion("2"));
    store.versions.remove("5");
    refused(
        Rule.PREVIOUS,
        "Version 5 of 'shop', which served before version 2, was deleted",
        () -> registry.rollBack(MODEL, "ann", "errors", null));
    store.aliases.clear();
    refused(Rule.PREVIOUS, "has no champion", () -> registry.rollBack(MODEL, "ann", "e", "5"));
  }

  @Test
  void aShareBelongsToItsCanary() {
    MemoryRegistry store = store();
    store.tags.put("canary_share", "0.25");
    ModelRegistry registry = registry(store);

    refused(Rule.CANARY, "has no canary", () -> registry.shareCanary(MODEL, 0.5));
    registry.startCanary(MODEL, "2", 0.5);
    assertThat(share(store)).isEqualTo(0.5);
    assertThatThrownBy(() -> registry.startCanary(MODEL, "999", 0.33))
        .isInstanceOf(NotRegisteredException.class)
        .hasMessage("Version 999 of 'shop' is not registered");
    assertThat(share(store)).as("the running canary keeps its share").isEqualTo(0.5);
    registry.startCanary(MODEL, "3", null);
    assertThat(share(store)).isEqualTo(CanaryShare.DEFAULT);
    assertThat(registry.shareCanary(MODEL, 0.75)).isEqualTo("3");
    assertThat(share(store)).isEqualTo(0.75);
    registry.endCanary(MODEL);
    assertThat(store.state()).isEqualTo("{} {canary_share=0.25}");

    store.aliases.put("canary", "2");
    assertThat(share(store)).as("a tag of an earlier release").isEqualTo(0.25);
    assertThatThrownBy(() -> registry.shareCanary(MODEL, Double.NaN))
        .hasMessage("A canary's share must be 0 to 1, but is NaN");
  }

  @Test
  void shadowsComeAndGo() {
    MemoryRegistry store = store();
    ModelRegistry registry = registry(store);

    registry.startShadow(MODEL, "4");
    assertThat(store.aliases).isEqualTo(Map.of("shadow", "4"));
    registry.endShadow(MODEL);
    registry.endShadow(MODEL);
    assertThat(store.aliases).isEmpty();
  }

  @Test
  void whatIsNotRegisteredIsNamed() {
    ModelRegistry registry = registry(store());

    assertThatThrownBy(() -> registry.promote(PromotionRequest.of("nope", "1", "ann", "why")))
        .isInstanceOf(NotRegisteredException.class)
        .hasMessage("No model 'nope' is registered");
    assertThatThrownBy(() -> registry.promote(promotion("77")))
        .isInstanceOf(NotRegisteredException.class)
        .hasMessage("Version 77 of 'shop' is not registered");
  }

  static Stream<Consumer<ModelRegistry>> changes() {
    return Stream.of(
        registry -> registry.promote(promotion("2")),
        registry -> registry.promote(trained("2", "1", true)),
        registry -> registry.promote(PromotionRequest.forced(MODEL, "4", "ann", "now")),
        registry -> registry.rollBack(MODEL, "ann", "errors", "3"),
        registry -> registry.startCanary(MODEL, "3", 0.3),
        registry -> registry.shareCanary(MODEL, 0.3),
        registry -> registry.endCanary(MODEL),
        registry -> registry.startShadow(MODEL, "3"),
        registry -> registry.endShadow(MODEL));
  }

  /** The state before each change of {@link #changes}. */
  private static MemoryRegistry busy() {
    MemoryRegistry store = store();
    store.aliases.putAll(
        Map.of("champion", "1", "current", "1", "best", "1", "canary", "2", "shadow", "2"));
    store.tags.put("canary_share.2", "0.2");
    return store;
  }

  @ParameterizedTest
  @MethodSource("changes")
  void aChangeThatFailsOnceIsUndone(Consumer<ModelRegistry> change) {
    MemoryRegistry whole = busy();
    change.accept(registry(whole));
    String before = busy().state();

    for (int failing = 0; failing < whole.changes; failing++) {
      for (boolean carriedOut : List.of(false, true)) {
        MemoryRegistry store = busy();
        store.fault = away(failing, failing, carriedOut);
        assertThatThrownBy(() -> change.accept(registry(store)))
            .isInstanceOf(RegistryUnavailableException.class)
            .hasMessage("the registry is away");
        assertThat(store.state()).as("change %d, done %s", failing, carriedOut).isEqualTo(before);
        assertThat(store.allRecords()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("changes")
  void aChangeThatCouldNotBeUndoneSaysSoAndIsCompletedByItsRepetition(
      Consumer<ModelRegistry> change) {
    MemoryRegistry whole = busy();
    change.accept(registry(whole));

    for (int failing = 0; failing < whole.changes; failing++) {
      MemoryRegistry store = busy();
      store.fault = away(failing, Integer.MAX_VALUE, true);
      assertThatThrownBy(() -> change.accept(registry(store)))
          .isInstanceOf(RegistryUnavailableException.class)
          .hasMessageContaining(
              "could not be undone: repeat the command once the registry answers");
      store.fault = new MemoryRegistry.Fault() {};
      change.accept(registry(store));
      assertThat(store.state()).as("change %d", failing).isEqualTo(whole.state());
    }
  }

  /** Whatever two processes do at the same moment, both aliases end at one version. */
  @Test
  void twoPromotionsAtOnceLeaveBothAliasesAtOneVersion() {
    for (int at = 0; at < 3; at++) {
      int moment = at;
      MemoryRegistry store = busy();
      ModelRegistry other = registry(store);
      store.fault =
          new MemoryRegistry.Fault() {
            @Override
            public void before(int change) {
              if (change == moment) {
                other.promote(promotion("3"));
              }
            }
          };
      @Nullable RuntimeException refused = null;
      try {
        registry(store).promote(promotion("2"));
      } catch (PromotionRefusedException e) {
        refused = e;
      }
      assertThat(store.aliases.get("current")).isEqualTo(store.aliases.get("champion"));
      assertThat(refused == null).isEqualTo("2".equals(store.aliases.get("champion")));
    }
  }

  private static MemoryRegistry.Fault away(int from, int to, boolean carriedOut) {
    return new MemoryRegistry.Fault() {
      @Override
      public void before(int change) {
        fail(!carriedOut && change >= from && change <= to);
      }

      @Override
      public void after(int change) {
        fail(carriedOut && change >= from && change <= to);
      }

      private void fail(boolean failing) {
        if (failing) {
          throw new RegistryUnavailableException("the registry is away");
        }
      }
    };
  }

  private static double share(MemoryRegistry store) {
    return CanaryShare.of(store.model(MODEL).orElseThrow());
  }

  private static PromotionRequest promotion(String version) {
    return PromotionRequest.of(MODEL, version, "ann", "because");
  }

  private static PromotionRequest trained(String version, @Nullable String champion, boolean best) {
    return PromotionRequest.afterGate(
        MODEL, version, "run", "better", new PromotionRequest.Comparison(champion, best));
  }

  private static void refused(Rule rule, String message, ThrowingCallable change) {
    assertThatThrownBy(change)
        .isInstanceOfSatisfying(
            PromotionRefusedException.class, e -> assertThat(e.rule()).isEqualTo(rule))
        .hasMessageContaining(message);
  }
}

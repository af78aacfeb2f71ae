package io.millrace.engine.asset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.asset.AssetHub.HubState;
import io.millrace.engine.asset.AssetMessage.Assignment;
import io.millrace.engine.asset.AssetMessage.Retirement;
import io.millrace.engine.asset.AssetMessage.Subscriber;
import io.millrace.engine.asset.AssetMessage.Subscribers;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Whose consumers a declaration touches, and what is sent for it. */
class HubRegisterTest {

  private static final AssetOwner US = new AssetOwner("us", "bakery");
  private static final AssetOwner THEM = new AssetOwner("them", "mill");

  private HubRegister register = new HubRegister();
  private long now;

  @Test
  void onlyWhatHasChangedIsSent() {
    AssetSchedule bread = schedule("bread", "flour", "yeast");
    AssetSchedule cake = schedule("cake", "flour", "sugar");

    assertThat(targets(declare(US, bread, cake)))
        .containsExactly(
            "asset-consumer/bread",
            "asset-consumer/cake",
            "asset/flour",
            "asset/sugar",
            "asset/yeast");
    assertThat(declare(US, bread, cake)).isEmpty();
    assertThat(declare(US, cake, bread)).isEmpty();
    assertThat(targets(declare(US, bread, schedule("cake", "flour", "honey"))))
        .containsExactly("asset-consumer/cake", "asset/honey", "asset/sugar");
    assertThat(targets(declare(US, bread, schedule("cake", "flour", "honey").eachPartition())))
        .containsExactly("asset-consumer/cake", "asset/flour", "asset/honey");
    assertThat(targets(declare(US, bread, other("cake", "honey", "flour").eachPartition())))
        .as("another task queue")
        .containsExactly("asset-consumer/cake");
    assertThat(targets(declare(US, bread)))
        .containsExactly("asset-consumer/cake", "asset/flour", "asset/honey");
    assertThat(declare(US, bread)).isEmpty();
  }

  @Test
  void anAssetIsSentTheConsumersOfAllOwners() {
    declare(US, schedule("bread", "flour"));

    List<AssetMessage> sent = declare(THEM, schedule("bran", "flour"));

    assertThat(sent).hasSize(2);
    assertThat(((Subscribers) sent.get(1)).all())
        .extracting(Subscriber::dag)
        .containsExactly("bran", "bread");
  }

  @Test
  void ownersAndProjectsLeaveEachOthersConsumersAlone() {
    AssetOwner ourMill = new AssetOwner("us", "mill");
    declare(US, schedule("bread", "flour"));
    declare(THEM, schedule("bran", "grain"));
    declare(ourMill, schedule("flour", "grain"));

    assertThat(dags()).containsExactly("bran", "bread", "flour");
    declare(US);
    assertThat(dags()).containsExactly("bran", "flour");
    declare(THEM, schedule("husks", "grain"));
    assertThat(dags()).containsExactly("flour", "husks");
    restart();
    declare(ourMill);
    assertThat(dags()).containsExactly("husks");
  }

  @Test
  void aNameThatAnotherOwnerHasIsRefusedAndNothingChanges() {
    declare(THEM, schedule("bread", "flour"));
    restart();

    assertThatThrownBy(() -> declare(US, schedule("cake", "sugar"), schedule("bread", "rye")))
        .isInstanceOf(ApplicationFailure.class)
        .hasMessageContaining(
            "The consumer 'bread' exists, but 'us' in the project 'bakery' did not declare it;"
                + " 'them' in the project 'mill' did.");
    assertThat(register.schedules()).containsExactly(schedule("bread", "flour"));
    assertThat(declare(THEM, schedule("bread", "flour"))).isEmpty();

    declare(THEM);
    declare(US, schedule("bread", "rye"));
    assertThat(register.owners().of("bread")).isEqualTo(US);
  }

  @Test
  void whatIsRefusedOrWasNotSentGoesWithTheNextDeclarationOfAnyOwner() {
    List<AssetMessage> first = register.declare(declaration(US, schedule("bread", "flour")), ++now);
    register.sent(first, List.of(first.get(1)));
    restart();

    List<AssetMessage> second = register.declare(declaration(THEM), ++now);

    assertThat(targets(second)).containsExactly("asset/flour");
    assertThat(((Subscribers) second.get(0)).generation())
        .isGreaterThan(((Subscribers) first.get(1)).generation());
    // Its worker is gone before anything was sent.
    restart();
    assertThat(targets(declare(US, schedule("bread", "flour")))).containsExactly("asset/flour");
    assertThat(declare(US, schedule("bread", "flour"))).isEmpty();
  }

  /** A consumer that never came to be needs no message that it is gone. */
  @Test
  void aConsumerThatTheServerRefusesIsForgottenOnceItIsNotDeclared() {
    List<AssetMessage> first = register.declare(declaration(US, schedule("bread", "flour")), ++now);
    register.sent(first, List.of(first.get(0)));
    List<AssetMessage> second = register.declare(declaration(US), ++now);
    register.sent(second, List.of(second.get(0)));

    assertThat(targets(second)).containsExactly("asset-consumer/bread", "asset/flour");
    assertThat(declare(US)).isEmpty();
  }

  /** The workflow was terminated: what is sent must not look older than what was sent before. */
  @Test
  void aHubThatBeginsAgainSendsEverythingWithAHigherGeneration() {
    now = 1_000;
    for (int i = 0; i < 10; i++) {
      declare(US, schedule("bread", "flour" + i));
    }
    long before = generation(declare(US, schedule("bread", "flour")));

    register = new HubRegister();
    now = 2_000;
    List<AssetMessage> after = declare(US, schedule("bread", "flour"));

    assertThat(targets(after)).containsExactly("asset-consumer/bread", "asset/flour");
    assertThat(generation(after)).isGreaterThan(before);
  }

  /** It belongs to the project that is called as its task queue is, or to who declares it. */
  @Test
  void aConsumerOfAnEarlierBuildHasNoOwnerYet() {
    register.restore(
        List.of(schedule("bread", "flour"), other("cake", "flour"), other("tart", "sugar")),
        new HubRegister.State(7, List.of(), 0, null));

    List<AssetMessage> sent = declare(US, schedule("bread", "flour"));
    assertThat(targets(sent)).as("once, to be sure").contains("asset-consumer/cake", "asset/flour");
    assertThat(dags()).containsExactly("bread", "cake", "tart");
    declare(US, schedule("bread", "flour"), other("cake", "flour"));
    declare(US, schedule("bread", "flour"));
    assertThat(dags()).containsExactly("bread", "tart");
    declare(new AssetOwner("other", "elsewhere"));
    assertThat(dags()).containsExactly("bread");
  }

  @Test
  void aClientOfAnEarlierBuildReplacesWhatHasNoOwner() {
    declare(US, schedule("bread", "flour"));
    declareUnowned(schedule("cake", "flour"), schedule("bread", "sand"));
    assertThat(register.schedules())
        .containsExactlyInAnyOrder(schedule("bread", "flour"), schedule("cake", "flour"));
    declareUnowned(schedule("tart", "flour"));
    assertThat(dags()).containsExactly("bread", "tart");
  }

  @Test
  void onlyAssetsWithoutConsumersAreRetired() {
    declare(US, schedule("bread", "flour"));
    register.introduce("flour");
    register.introduce("idle");
    for (int i = 0; i < HubRegister.MAX_NAMES; i++) {
      register.introduce("asset-" + i);
    }

    assertThat(register.takeForward()).containsExactly(new Retirement("idle"));
    assertThat(register.names()).contains("flour").doesNotContain("idle");
  }

  private List<AssetMessage> declare(AssetOwner owner, AssetSchedule... schedules) {
    List<AssetMessage> messages = register.declare(declaration(owner, schedules), ++now);
    register.sent(messages, List.of());
    return messages;
  }

  private void declareUnowned(AssetSchedule... schedules) {
    List<AssetMessage> messages = register.declareUnowned(List.of(schedules), ++now);
    register.sent(messages, List.of());
  }

  private static AssetDeclaration declaration(AssetOwner owner, AssetSchedule... schedules) {
    return new AssetDeclaration(owner, List.of(schedules));
  }

  /** As a continue-as-new does it. */
  private void restart() {
    var converter = DefaultDataConverter.STANDARD_INSTANCE;
    HubState state =
        converter.fromPayload(
            converter.toPayload(register.state()).orElseThrow(), HubState.class, HubState.class);
    register = new HubRegister();
    register.restore(state.schedules(), Objects.requireNonNull(state.register()));
  }

  private List<String> dags() {
    return register.schedules().stream().map(AssetSchedule::dag).toList();
  }

  private static List<String> targets(List<AssetMessage> messages) {
    return messages.stream().map(message -> message.target().workflowId()).toList();
  }

  private static long generation(List<AssetMessage> messages) {
    return ((Assignment) messages.get(0)).generation();
  }

  private static AssetSchedule schedule(String dag, String... assets) {
    return schedule(dag, "bakery", assets);
  }

  private static AssetSchedule other(String dag, String... assets) {
    return schedule(dag, "elsewhere", assets);
  }

  private static AssetSchedule schedule(String dag, String queue, String[] assets) {
    List<Asset> all = new ArrayList<>();
    for (String asset : assets) {
      all.add(new Asset(asset));
    }
    return new AssetSchedule(dag, queue, AssetCondition.all(all.toArray(Asset[]::new)));
  }
}

package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.toys.YardActivities;
import io.millrace.engine.toys.YardActivities.Load;
import io.temporal.testing.TestActivityEnvironment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CheckpointTest {

  private final TestActivityEnvironment worker = TestActivityEnvironment.newInstance();
  private final List<Load> saved = new ArrayList<>();

  @AfterEach
  void stop() {
    worker.close();
  }

  @Test
  void theFirstTryStartsAtTheBeginning() {
    assertThat(carry()).isEqualTo(3);
    assertThat(saved).extracting(Load::kilos).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aLaterTryGoesOnFromTheLastSave() {
    worker.setHeartbeatDetails(new Load("oats", 2));

    assertThat(carry()).isEqualTo(3);
    assertThat(saved).extracting(Load::kilos).containsExactly(3L);
  }

  @Test
  void whatOtherCodeSavedCountsAsNothing() {
    worker.setHeartbeatDetails(List.of("an older format"));

    assertThat(carry()).isEqualTo(3);
    assertThat(saved).hasSize(3);
  }

  private int carry() {
    worker.registerActivitiesImplementations(new Carrier());
    return worker.newActivityStub(YardActivities.class).slow();
  }

  /** Carries three kilos, one after the other. */
  private final class Carrier implements YardActivities {
    @Override
    public int slow() {
      Checkpoint<Load> checkpoint = Checkpoint.of(Load.class);
      Load carried = checkpoint.resume().orElse(new Load("oats", 0));
      while (carried.kilos() < 3) {
        carried = new Load(carried.name(), carried.kilos() + 1);
        checkpoint.save(carried);
        saved.add(carried);
      }
      return (int) carried.kilos();
    }

    @Override
    public int step(int number) {
      return number;
    }

    @Override
    public Load join(List<Load> loads, String label) {
      return loads.get(0);
    }

    @Override
    public List<Load> loads() {
      return List.of();
    }
  }
}

package io.millrace.workers.serving;

import io.millrace.core.registry.NotRegisteredException;
import io.millrace.serving.models.ModelSource;
import io.millrace.serving.models.RegisteredVersion;
import io.millrace.serving.models.Rollout;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The champions of another source, each under a new number whenever it is asked for: whoever serves
 * them loads one again each time, as after a move of the alias. Nothing can be changed through it.
 */
final class RenumberedVersions implements ModelSource {
  private static final String MARK = " warm-up ";

  private final ModelSource source;
  private final AtomicInteger number = new AtomicInteger();
  private volatile boolean over;

  RenumberedVersions(ModelSource source) {
    this.source = source;
  }

  /** Has no champions from now on. */
  void end() {
    over = true;
  }

  @Override
  public Rollout rollout(String model) {
    if (over) {
      throw new NotRegisteredException("The warm-up is over");
    }
    String champion = source.rollout(model).champion();
    return Rollout.of(champion + MARK + number.incrementAndGet());
  }

  @Override
  public RegisteredVersion find(String model, String version) {
    return source.find(model, version.substring(0, version.lastIndexOf(MARK)));
  }

  @Override
  public List<String> models() {
    return source.models();
  }
}

package io.millrace.engine.asset;

import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which consumer belongs to whom. One that an earlier build has declared has no owner: it belongs
 * to the project that is called as its task queue is, and to the first who declares it.
 */
final class AssetOwners {

  /** The type of the failure when a consumer belongs to another owner. */
  static final String NOT_OWN = "AssetConsumerNotOwn";

  private final Map<String, AssetOwner> owners = new TreeMap<>();

  void restore(Map<String, AssetOwner> state) {
    owners.putAll(state);
  }

  Map<String, AssetOwner> all() {
    return Collections.unmodifiableMap(new TreeMap<>(owners));
  }

  @Nullable AssetOwner of(String dag) {
    return owners.get(dag);
  }

  /**
   * Says what is declared when an owner's consumers are replaced, and notes whose each is.
   *
   * @param present of all owners
   * @throws ApplicationFailure of the type {@link #NOT_OWN} if a declared one belongs to another
   *     owner; nothing has been changed then
   */
  List<AssetSchedule> replace(AssetDeclaration declaration, Collection<AssetSchedule> present) {
    AssetOwner owner = declaration.owner();
    declaration.schedules().forEach(schedule -> requireOwn(owner, schedule.dag()));
    Map<String, AssetSchedule> all = new TreeMap<>();
    for (AssetSchedule schedule : present) {
      if (!belongs(schedule, owner)) {
        all.put(schedule.dag(), schedule);
      }
    }
    for (AssetSchedule schedule : declaration.schedules()) {
      all.put(schedule.dag(), schedule);
      owners.put(schedule.dag(), owner);
    }
    owners.keySet().retainAll(all.keySet());
    return List.copyOf(all.values());
  }

  /** The same for a client of an earlier build: what has an owner stays as it is. */
  List<AssetSchedule> replaceUnowned(
      List<AssetSchedule> declared, Collection<AssetSchedule> present) {
    List<AssetSchedule> all = new ArrayList<>();
    present.stream().filter(schedule -> owners.containsKey(schedule.dag())).forEach(all::add);
    declared.stream().filter(schedule -> !owners.containsKey(schedule.dag())).forEach(all::add);
    return all;
  }

  private boolean belongs(AssetSchedule schedule, AssetOwner owner) {
    AssetOwner its = owners.get(schedule.dag());
    return its == null ? schedule.taskQueue().equals(owner.project()) : its.equals(owner);
  }

  private void requireOwn(AssetOwner owner, String dag) {
    AssetOwner its = owners.get(dag);
    if (its != null && !its.equals(owner)) {
      throw ApplicationFailure.newNonRetryableFailure(
          "The consumer '%s' exists, but %s did not declare it; %s did. Give it another name, or let the other declare without it first"
              .formatted(dag, owner, its),
          NOT_OWN);
    }
  }
}

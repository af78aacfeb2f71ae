package io.millrace.engine.asset;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Knows which assets there are and which DAGs wait for them. One in a namespace.
 *
 * <p>Events go past it: an asset's to its {@link AssetShard}, a DAG's runs are started by its
 * {@link AssetConsumer}. A hub of an earlier build, which held everything itself, is divided the
 * first time that it gets a message of this one: what waited still waits, nothing is lost or taken
 * twice.
 */
@WorkflowInterface
public interface AssetHub {

  /** The workflow type. */
  String TYPE = "millrace_assets";

  /** The workflow id. */
  String ID = "millrace-assets";

  /**
   * Runs for ever.
   *
   * @param state of the hub before it continued as new, {@link HubState#SHARDED} at its first
   *     start, or null if an earlier build starts it
   */
  @WorkflowMethod(name = TYPE)
  void run(@Nullable HubState state);

  /** Takes an event of a run that began on an earlier build, for the asset's own workflow. */
  @SignalMethod(name = "emit")
  void emit(AssetEvent event);

  /** The same for records of an outside log. */
  @SignalMethod(name = "deliver")
  void deliver(AssetDelivery delivery);

  /** Takes note that there is an asset. */
  @SignalMethod(name = "introduce")
  void introduce(AssetMessage.Introduction introduction);

  /** Lets a hub of an earlier build hand over what it holds. */
  @SignalMethod(name = "divide")
  void divide();

  /** {@link #register} as clients of earlier builds call it. */
  @UpdateMethod(name = "declare")
  List<String> declare(List<AssetSchedule> schedules);

  /** {@link #register} as clients of earlier builds call it: without an owner. */
  @UpdateMethod(name = "subscribe")
  List<String> subscribe(List<AssetSchedule> schedules);

  /**
   * Replaces the DAGs of an owner that wait for assets; returns their names once every event that
   * is emitted from then on counts for them. Of several at the same time the last one stands.
   */
  @UpdateMethod(name = "register")
  List<String> register(AssetDeclaration declaration);

  /** Who declared each DAG; of one that an earlier build has declared, nothing. */
  @QueryMethod(name = "owners")
  Map<String, AssetOwner> owners();

  /** Who waits for what. */
  @QueryMethod(name = "schedules")
  List<AssetSchedule> schedules();

  /** Every asset that was made or is waited for, by name. */
  @QueryMethod(name = "names")
  List<String> names();

  /** The events that wait for others, by DAG, while the hub holds them itself. */
  @QueryMethod(name = "waiting")
  Map<String, List<AssetEvent>> waiting();

  /** Every asset, while the hub holds them itself. */
  @QueryMethod(name = "assets")
  List<AssetReport> assets();

  /** The last events, while the hub holds them itself. */
  @QueryMethod(name = "events")
  List<AssetEvent> events();

  /**
   * What the hub remembers when it continues as new.
   *
   * @param waiting events that it holds itself, none once they are handed over
   * @param log the same, or null
   * @param register what it knows as the register of a divided hub, or null while it is not divided
   */
  record HubState(
      List<AssetSchedule> schedules,
      Map<String, List<AssetEvent>> waiting,
      AssetLog.@Nullable State log,
      HubRegister.@Nullable State register) {

    /** The first state of a hub that is divided from the start. */
    static final HubState SHARDED =
        new HubState(List.of(), Map.of(), null, HubRegister.State.FIRST);
  }
}

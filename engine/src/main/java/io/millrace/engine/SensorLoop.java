package io.millrace.engine;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.google.protobuf.ByteString;
import io.millrace.engine.pool.Claim;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.RawValue;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A child run that pokes for a {@link Sensor} with a pool, and holds the pool's slots only while a
 * poke runs: Airflow's mode {@code reschedule}. In mode {@code poke} a sensor holds them until it
 * ends.
 *
 * <p>It takes slots, pokes once, gives them back, waits, and begins again. A poke that fails with
 * {@link NotReady}, or in any way that can be retried, is followed by another; what cannot be
 * retried fails the sensor, and {@link TaskSkipped} skips it. The limit counts from the first poke,
 * as in Airflow: the wait for the first slot is not part of it, later ones are. When the limit is
 * reached the run fails with what the last poke said.
 */
@WorkflowInterface
public interface SensorLoop {

  /** The workflow type. */
  String TYPE = "millrace_sensor";

  /** The signal to the parent run, with a {@link Began}, when the first slot is granted. */
  String BEGAN = "sensor_began";

  /** Pokes until something is found; returns what the poke returned, byte for byte. */
  @WorkflowMethod(name = TYPE)
  @Nullable RawValue run(Watch watch);

  /**
   * Starts a child run. For workflow code of the run that the sensor belongs to.
   *
   * @return what the poke found; it fails as the poke did, or with type {@link NotReady#TYPE} if
   *     time is out, or with type {@code PoolRefused}
   */
  @SuppressWarnings("unchecked") // the recorded method returns R
  static <R> Promise<R> start(Watch watch, RecordedCall call) {
    return (Promise<R>)
        Workflow.newUntypedChildWorkflowStub(
                TYPE,
                ChildWorkflowOptions.newBuilder()
                    .setWorkflowId(Workflow.getInfo().getWorkflowId() + "/" + watch.taskId())
                    .setStaticSummary(watch.taskId())
                    .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_REQUEST_CANCEL)
                    .build())
            .executeAsync(call.resultClass(), call.resultType(), watch);
  }

  /**
   * That a sensor has its first slot: it runs now, and is queued no longer.
   *
   * @param round of the task in its run, as given in the {@link Watch}
   */
  record Began(String taskId, int round) {}

  /**
   * What to watch.
   *
   * @param dag the DAG of the run that the sensor belongs to
   * @param round distinguishes the starts of one task in a run
   * @param activity the activity type
   * @param args of the activity
   * @param policy how one poke runs; its retries and total timeout are not used
   * @param priority of the poke, unless the policy has one
   * @param claim what a poke takes of the pool
   * @param pace when to poke
   * @param maxEvents continues as new once its history has more; 0 for the server's advice
   * @param progress of the run that continues as this one, or null
   */
  record Watch(
      String dag,
      String taskId,
      int round,
      String activity,
      List<Arg> args,
      Policy policy,
      int priority,
      Claim claim,
      Pace pace,
      int maxEvents,
      @Nullable Progress progress) {

    static Watch of(
        String dag,
        String taskId,
        int round,
        RecordedCall call,
        Policy policy,
        int priority,
        Claim claim,
        Pace pace) {
      List<Arg> args = call.args().stream().map(Arg::of).toList();
      return new Watch(
          dag, taskId, round, call.type(), args, policy, priority, claim, pace, 0, null);
    }

    Watch withMaxEvents(int events) {
      return new Watch(
          dag, taskId, round, activity, args, policy, priority, claim, pace, events, progress);
    }

    Watch withProgress(Progress now) {
      return new Watch(
          dag, taskId, round, activity, args, policy, priority, claim, pace, maxEvents, now);
    }
  }

  /**
   * When to poke.
   *
   * @param interval the wait after a poke
   * @param longestInterval the wait doubles up to this; the same as the interval for no doubling
   * @param limit how long after the first poke it gives up
   */
  record Pace(Duration interval, Duration longestInterval, Duration limit) {
    public Pace {
      if (interval.toMillis() < 1 || longestInterval.compareTo(interval) < 0) {
        throw new IllegalArgumentException(
            "A sensor must poke every 1 ms or more, and back off to its interval or more, not %s to %s"
                .formatted(interval, longestInterval));
      }
      if (limit.toMillis() < 1) {
        throw new IllegalArgumentException("A sensor must wait 1 ms or more, not " + limit);
      }
    }

    Duration after(Duration pause) {
      Duration doubled = pause.multipliedBy(2);
      return doubled.compareTo(longestInterval) < 0 ? doubled : longestInterval;
    }
  }

  /**
   * How far it has come.
   *
   * @param deadline when it gives up; null before the first poke
   * @param pause before the next poke
   * @param pokes so far
   * @param type of what the last poke failed with
   * @param reason what the last poke said
   */
  record Progress(
      @Nullable Instant deadline, Duration pause, int pokes, String type, String reason) {

    static Progress begin(Pace pace) {
      return new Progress(null, pace.interval(), 0, NotReady.TYPE, "no poke yet");
    }

    Progress until(Instant end) {
      return new Progress(end, pause, pokes, type, reason);
    }
  }

  /**
   * An argument as the SDK encodes it, so that no digit is lost.
   *
   * @param metadata of its payload
   * @param json its data, if that is text
   * @param base64 its data, if it is binary
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Arg(Map<String, String> metadata, @Nullable String json, @Nullable String base64) {

    static Arg of(@Nullable Object value) {
      Payload payload = DefaultDataConverter.STANDARD_INSTANCE.toPayload(value).orElseThrow();
      Map<String, String> metadata = new TreeMap<>();
      payload.getMetadataMap().forEach((key, text) -> metadata.put(key, text.toStringUtf8()));
      ByteString data = payload.getData();
      return metadata.getOrDefault("encoding", "").startsWith("json/")
          ? new Arg(metadata, data.toStringUtf8(), null)
          : new Arg(metadata, null, Base64.getEncoder().encodeToString(data.toByteArray()));
    }

    RawValue raw() {
      Payload.Builder payload = Payload.newBuilder();
      metadata.forEach((key, text) -> payload.putMetadata(key, ByteString.copyFromUtf8(text)));
      if (json != null) {
        payload.setData(ByteString.copyFromUtf8(json));
      } else if (base64 != null) {
        payload.setData(ByteString.copyFrom(Base64.getDecoder().decode(base64)));
      }
      return new RawValue(payload.build());
    }
  }
}

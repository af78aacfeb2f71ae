package io.millrace.engine.payload;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much a call adds to what a run sends in one step. For workflow code, which must send less
 * than the 4 MB of one message in a step.
 *
 * <p>The answer depends on the arguments alone, never on the worker's settings, so code that paces
 * itself by it replays the same everywhere. With a codec the real size is smaller.
 */
public final class CallSize {

  /** What the server and the client add to each call: options, header, names. */
  public static final int OVERHEAD = 1 << 10;

  private CallSize() {}

  /**
   * The bytes of a call with these arguments, {@link #OVERHEAD} included; at most {@link
   * PayloadLimits#ARGUMENTS} + {@link #OVERHEAD} + 1. A call that large is refused without a blob
   * store, and with one it is sent as a reference.
   */
  public static int of(List<? extends @Nullable Object> args) {
    return (int) (Math.min(bytes(args.toArray(), PayloadLimits.ARGUMENTS), most()) + OVERHEAD);
  }

  private static long most() {
    return PayloadLimits.ARGUMENTS + 1L;
  }

  /** The bytes of arguments; counting stops soon after there are more than {@code enough}. */
  static long bytes(@Nullable Object[] args, long enough) {
    long sum = 0;
    for (Object arg : args) {
      sum += ValueSize.of(arg, enough - sum);
      if (sum > enough) {
        break;
      }
    }
    return sum;
  }
}

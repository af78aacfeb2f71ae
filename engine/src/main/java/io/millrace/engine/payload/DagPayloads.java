package io.millrace.engine.payload;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.temporal.common.converter.CodecDataConverter;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.JacksonJsonPayloadConverter;
import io.temporal.common.converter.PayloadConverter;
import io.temporal.payload.codec.ChainCodec;
import io.temporal.payload.codec.PayloadCodec;
import java.time.Clock;
import java.util.List;

/**
 * How values become payloads. Every client, worker and replay that meets the same runs needs the
 * same one.
 *
 * <pre>{@code
 * DataConverter converter = DagPayloads.converter(store, PayloadOptions.DEFAULT);
 * WorkflowClient client = WorkflowClient.newInstance(
 *     service, WorkflowClientOptions.newBuilder().setDataConverter(converter).build());
 * }</pre>
 *
 * <p>A small value is plain JSON, as without it, and can be read in the Web UI. A larger one is
 * compressed; one that is large even so lies in the blob store, and the history holds its key and
 * checksum. With keys every payload is encrypted, and messages and stack traces of failures too.
 * What was written with other options, or with none, stays readable.
 *
 * <p>A value above the limit fails the activity or the run that sends it, at once, with type {@link
 * #TOO_LARGE}. What cannot be read is an {@link UnreadablePayloadException}. While the store cannot
 * be reached, activities fail and are retried, and runs wait.
 */
public final class DagPayloads {

  /** The failure type of a value that is too large to be sent. */
  public static final String TOO_LARGE = "PayloadTooLarge";

  private DagPayloads() {}

  /** A converter for {@code WorkflowClientOptions} and {@code ScheduleClientOptions}. */
  public static DataConverter converter(BlobStore store, PayloadOptions options) {
    return new DeadlockExemptConverter(
        new CodecDataConverter(
            DefaultDataConverter.newDefaultInstance().withPayloadConverterOverrides(json(options)),
            List.of(codec(store, options)),
            options.keys() != null));
  }

  /** The SDK's JSON, but for Jackson's limit of 20 MB for one text. */
  private static PayloadConverter json(PayloadOptions options) {
    ObjectMapper mapper = JacksonJsonPayloadConverter.newDefaultObjectMapper();
    mapper
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder().maxStringLength(options.maxSize()).build());
    return new JacksonJsonPayloadConverter(mapper);
  }

  /** The codec of that converter, for {@link CodecServer}. */
  public static PayloadCodec codec(BlobStore store, PayloadOptions options) {
    return codec(store, options, Clock.systemUTC());
  }

  static PayloadCodec codec(BlobStore store, PayloadOptions options, Clock clock) {
    return new ChainCodec(
        List.of(
            new ClaimCheck(store, options, clock),
            new Encryption(options.keys()),
            new Compression(options.compressAbove(), options.maxSize()),
            new SizeLimit(options.maxSize())));
  }

  /** Without the blob store: compression and encryption of what is itself a blob. */
  static PayloadCodec sealing(PayloadOptions options) {
    return new ChainCodec(
        List.of(
            new Encryption(options.keys()),
            new Compression(options.compressAbove(), options.maxSize())));
  }
}

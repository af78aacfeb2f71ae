package io.millrace.flink.idle;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * A source whose job stores checkpoints at {@code execution.checkpointing.interval} only while
 * messages come, and at {@code execution.checkpointing.interval-during-backlog} once a completed
 * checkpoint covers them all. The first message afterwards starts the shorter interval, so its
 * output appears as soon as it would without this class.
 *
 * <p>Flink offers the second interval to sources that read a backlog (FLIP-309), where few
 * checkpoints help throughput. Here the same signal saves the work of checkpoints that store
 * nothing new. What timers emit while no messages come waits for the longer interval.
 *
 * <p>Only for jobs with one source: Flink takes the longer interval as soon as one source asks for
 * it. Splits and state are the wrapped source's, so a job restores with or without this class.
 *
 * @param <T> what it emits
 * @param <S> its splits
 * @param <E> the state of its enumerator
 */
public final class IdleSource<T, S extends SourceSplit, E>
    implements Source<T, S, E>, ResultTypeQueryable<T> {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // every Source is serializable
  private final Source<T, S, E> source;

  private final TypeInformation<T> type;

  private IdleSource(Source<T, S, E> source, TypeInformation<T> type) {
    this.source = source;
    this.type = type;
  }

  /** Wraps a source that states its type. */
  public static <T, S extends SourceSplit, E, W extends Source<T, S, E> & ResultTypeQueryable<T>>
      IdleSource<T, S, E> of(W source) {
    return new IdleSource<>(source, source.getProducedType());
  }

  @Override
  public SourceReader<T, S> createReader(SourceReaderContext context) throws Exception {
    return new IdleReader<>(source.createReader(context), context);
  }

  @Override
  public SplitEnumerator<S, E> createEnumerator(SplitEnumeratorContext<S> context)
      throws Exception {
    return new IdleEnumerator<>(source.createEnumerator(context), context);
  }

  @Override
  public SplitEnumerator<S, E> restoreEnumerator(SplitEnumeratorContext<S> context, E state)
      throws Exception {
    return new IdleEnumerator<>(source.restoreEnumerator(context, state), context);
  }

  @Override
  public Boundedness getBoundedness() {
    return source.getBoundedness();
  }

  @Override
  public SimpleVersionedSerializer<S> getSplitSerializer() {
    return source.getSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<E> getEnumeratorCheckpointSerializer() {
    return source.getEnumeratorCheckpointSerializer();
  }

  @Override
  public TypeInformation<T> getProducedType() {
    return type;
  }
}

package io.millrace.engine;

import io.temporal.workflow.SignalMethod;

/** Takes what a cancelled chunk has done: a cancelled workflow has no result. */
public interface ChunkListener {

  /** The chunk was cancelled and ends now. */
  @SignalMethod(name = MapChunk.STOPPED)
  void stopped(MapChunk.Stopped chunk);
}

package io.millrace.workers.cli;

import io.millrace.workers.config.MillraceConfig;
import io.millrace.workers.worker.Implementations;
import java.util.List;

/** The real activities, on the connections that the settings name. */
interface RealWork extends AutoCloseable {

  /** No connections, and no activities. */
  RealWork NONE =
      new RealWork() {
        @Override
        public List<Object> activities() {
          return List.of();
        }

        @Override
        public void close() {}
      };

  /** One implementation of each activity interface; each connects when it is first used. */
  List<Object> activities();

  @Override
  void close();

  /** Connects as a worker does. */
  static RealWork connect(Console console) {
    Implementations implementations =
        new Implementations(MillraceConfig.from(Millrace.settings(console)));
    return new RealWork() {
      @Override
      public List<Object> activities() {
        return implementations.activities();
      }

      @Override
      public void close() {
        implementations.close();
      }
    };
  }
}

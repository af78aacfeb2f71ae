package io.millrace.workers.worker;

import io.millrace.engine.asset.Assets;
import io.millrace.engine.pool.Pools;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Declares, once, the pools that the shipped DAGs take slots of and the assets that start them. In
 * a thread of its own, because the worker itself may have to run the hub before it can answer;
 * while there is no answer it tries again and logs a warning.
 */
final class Declarations implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(Declarations.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(30);

  private final Pools pools;
  private final Assets assets;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "declarations");

  private Declarations(Pools pools, Assets assets) {
    this.pools = pools;
    this.assets = assets;
    thread.setDaemon(true);
  }

  static Declarations start(Pools pools, Assets assets) {
    Declarations declarations = new Declarations(pools, assets);
    declarations.thread.start();
    return declarations;
  }

  private void run() {
    Duration pause = PAUSE;
    while (stop.getCount() > 0) {
      try {
        Pipeline.POOLS.forEach(pools::declare);
        logger.info(
            "Declared pools={} started by assets={}",
            Pipeline.POOLS,
            assets.declare(Pipeline.assetSchedules()));
        return;
      } catch (RuntimeException e) {
        if (stop.getCount() > 0) {
          logger.warn(
              "Pools and assets are not declared ({}); trying again in {}", e.getMessage(), pause);
        }
        await(pause);
        pause = pause.multipliedBy(2).compareTo(MAX_PAUSE) < 0 ? pause.multipliedBy(2) : MAX_PAUSE;
      }
    }
  }

  private void await(Duration pause) {
    try {
      var unused = stop.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      stop.countDown();
    }
  }

  @Override
  public void close() {
    stop.countDown();
    thread.interrupt();
  }
}

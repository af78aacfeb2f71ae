package io.millrace.bench;

import io.millrace.stack.Durability;
import io.millrace.stack.Port;
import io.millrace.stack.S3Server;
import io.millrace.stack.SearchAttribute;
import io.millrace.stack.StackConfig;
import io.millrace.stack.process.Ports;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;

/** The servers that a bench measures with. */
public final class BenchServers {
  private BenchServers() {}

  /** Like a test's stack, but with PostgreSQL's durability as in production. */
  public static StackConfig durable(Path work) {
    StackConfig standard = StackConfig.of(Map.of(), System.getenv());
    Map<Port, Integer> ports = new EnumMap<>(Port.class);
    Iterator<Integer> free = Ports.free(Port.values().length).iterator();
    for (Port port : Port.values()) {
      ports.put(port, free.next());
    }
    return new StackConfig(
        standard.home(),
        work.resolve(".millrace"),
        standard.cache(),
        ports,
        S3Server.SEAWEEDFS,
        Durability.DURABLE,
        SearchAttribute.STANDARD);
  }
}

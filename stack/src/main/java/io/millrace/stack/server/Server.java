package io.millrace.stack.server;

import io.millrace.stack.Component;
import io.millrace.stack.process.HealthCheck;
import io.millrace.stack.process.ListenPort;
import io.millrace.stack.process.ProcessSpec;
import java.io.IOException;
import java.util.List;

/** One server of the stack: how it is installed, prepared, started and checked. */
public interface Server {
  /** Which it is. */
  Component component();

  /** Downloads or unpacks what it needs; does nothing when that is in the cache. */
  void install() throws IOException;

  /**
   * Makes its data folder and configuration where they are missing and says how to start it. Called
   * with everything installed. Two calls with the same configuration give specs that are equal in
   * command and environment.
   */
  ProcessSpec prepare() throws IOException;

  /** The ports that it listens on. */
  List<ListenPort> listenPorts();

  /** Whether it is well; needs nothing installed. */
  HealthCheck health();

  /** What is to be done once it is well, and may be done again: create a database, a bucket. */
  default void settle() throws Exception {}
}

package io.millrace.workers.cli;

/** What the command tells the shell. Part of the interface: scripts rely on it. */
public final class ExitCode {
  public static final int OK = 0;
  public static final int FAILED = 1;
  public static final int USAGE = 2;
  public static final int UNREACHABLE = 3;

  private ExitCode() {}
}

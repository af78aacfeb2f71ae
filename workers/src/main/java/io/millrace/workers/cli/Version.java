package io.millrace.workers.cli;

import picocli.CommandLine.IVersionProvider;

/** What {@code millrace --version} prints: the commit that was built. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {"millrace " + Console.ofSystem().buildId()};
  }
}

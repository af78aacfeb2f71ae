package io.millrace.workers.config;

/** A setting that is missing, unknown or out of range; the message says which and what to do. */
public final class ConfigException extends RuntimeException {

  public ConfigException(String message) {
    super(message);
  }
}

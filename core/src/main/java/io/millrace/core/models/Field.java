package io.millrace.core.models;

/** A column of a training set. */
public record Field(String name, Type type) {
  /** What its values are. */
  public enum Type {
    /** A text, or nothing. */
    TEXT,
    /** A number of 64 bits with a fraction. */
    NUMBER,
    /** A whole number of 64 bits. */
    WHOLE,
    /** An instant. */
    TIME
  }
}

package io.millrace.activities.lake;

final class Skips {
  static RuntimeException skip(String why) {
    return new IllegalStateException(why);
  }
}

/** Millrace on this machine, and on Docker. */
@org.jspecify.annotations.NullMarked
package io.millrace.workers.local;

/** The kit that tests DAGs. */
@org.jspecify.annotations.NullMarked
package io.millrace.engine.testing;

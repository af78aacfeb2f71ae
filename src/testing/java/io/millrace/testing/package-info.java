/** What the tests of all modules share; compiled into the tests of each. */
@org.jspecify.annotations.NullMarked
package io.millrace.testing;

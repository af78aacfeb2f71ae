/** Every operation on every kind of task in every state, against a small model of the rules. */
@NullMarked
package io.millrace.engine.matrix;

import org.jspecify.annotations.NullMarked;

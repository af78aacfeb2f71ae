/** The models that Millrace trains: one definition each, from which all else follows. */
@NullMarked
package io.millrace.core.models;

import org.jspecify.annotations.NullMarked;

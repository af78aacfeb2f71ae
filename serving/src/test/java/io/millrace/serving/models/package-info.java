/** Tests of how the served models follow the registry. */
@NullMarked
package io.millrace.serving.models;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.millrace.engine.deployment;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.millrace.activities.registry;

import org.jspecify.annotations.NullMarked;

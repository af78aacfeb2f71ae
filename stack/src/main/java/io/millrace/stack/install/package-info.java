/** What is unpacked or downloaded once and then kept in the cache. */
@NullMarked
package io.millrace.stack.install;

import org.jspecify.annotations.NullMarked;

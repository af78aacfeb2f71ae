/** The REES46 shop event: its record, contract, identity and parsing. */
@NullMarked
package io.millrace.core.events;

import org.jspecify.annotations.NullMarked;

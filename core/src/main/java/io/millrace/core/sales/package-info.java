/** What a store sold of a product on a day. */
@NullMarked
package io.millrace.core.sales;

import org.jspecify.annotations.NullMarked;

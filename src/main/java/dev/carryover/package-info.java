/** What applications call, and the filter and the initializer that containers start. */
@NullMarked
package dev.carryover;

import org.jspecify.annotations.NullMarked;

/** What happens to sessions, told inside the house. */
@NullMarked
package dev.carryover.event;

import org.jspecify.annotations.NullMarked;

/** The reference store: records in this process's memory. */
@NullMarked
package dev.carryover.store.memory;

import org.jspecify.annotations.NullMarked;

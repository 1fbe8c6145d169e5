/** The face of Carryover. */
@NullMarked
package dev.carryover;

import org.jspecify.annotations.NullMarked;

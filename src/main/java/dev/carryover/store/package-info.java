/** The SPI of the places where records live. */
@NullMarked
package dev.carryover.store;

import org.jspecify.annotations.NullMarked;

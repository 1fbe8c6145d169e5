/** The configuration: its keys, where they are read, and what they may hold. */
@NullMarked
package dev.carryover.config;

import org.jspecify.annotations.NullMarked;

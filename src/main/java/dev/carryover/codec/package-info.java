/** Attribute values to bytes and back, with Kryo. Knows nothing of sessions. */
@NullMarked
package dev.carryover.codec;

import org.jspecify.annotations.NullMarked;

/** Records in Redis, through Redisson: scripts, keys, topologies. */
@NullMarked
package dev.carryover.store.redis;

import org.jspecify.annotations.NullMarked;

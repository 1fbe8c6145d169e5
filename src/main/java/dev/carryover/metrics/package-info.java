/** Counters, timers and gauges: what a node tells of itself, for MXBean, Micrometer and console. */
@NullMarked
package dev.carryover.metrics;

import org.jspecify.annotations.NullMarked;

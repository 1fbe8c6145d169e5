/** The store over a real Redis: from many threads at once, and with many sessions in it. */
package dev.carryover.bench.store;

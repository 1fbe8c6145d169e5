/**
 * The demo: the sample application on two nodes in two processes, sessions in Redis, one front that
 * sends every request to the other node. {@link dev.carryover.demo.Demo} is where it begins.
 */
package dev.carryover.demo;

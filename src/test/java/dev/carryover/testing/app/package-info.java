/** A small web application for tests: knows nothing of Carryover. */
package dev.carryover.testing.app;

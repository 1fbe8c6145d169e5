/**
 * A web application that writes down every event a container tells its listeners, so that two runs
 * can be compared line by line. Knows nothing of Carryover.
 */
package listenertable;

/**
 * The application whose costs are measured: one servlet that knows nothing of who keeps its
 * sessions.
 */
package benchapp;

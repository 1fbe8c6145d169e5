/**
 * A web application that looks at the corners of the Servlet API, so that what it sees with and
 * without Carryover can be compared. Knows nothing of Carryover.
 */
package edges;

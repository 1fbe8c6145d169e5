/**
 * A web application that goes through what the Servlet specification says, check by check, and
 * tells what it sees, so that it can be compared with and without Carryover. Knows nothing of
 * Carryover.
 */
package contract;

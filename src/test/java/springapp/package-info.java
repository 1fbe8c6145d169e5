/**
 * A Spring application of the usual kind: MVC with beans of the session, and Spring Security's form
 * login. Knows nothing of Carryover.
 */
package springapp;

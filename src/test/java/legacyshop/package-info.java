/**
 * A small shop as they were written fifteen years ago: servlets and listeners declared in web.xml,
 * JSPs with scriptlets, beans in the session. It knows nothing of Carryover; that is what it is
 * for.
 */
package legacyshop;

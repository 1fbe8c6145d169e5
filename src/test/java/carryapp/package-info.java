/** A web application whose sessions hold what Java serialisation could not carry. */
package carryapp;

/** A web application that tells what its container's process holds. */
package control;

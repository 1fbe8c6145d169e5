/** The edges to the Servlet API: request, response and session as the application sees them. */
@NullMarked
package dev.carryover.servlet;

import org.jspecify.annotations.NullMarked;

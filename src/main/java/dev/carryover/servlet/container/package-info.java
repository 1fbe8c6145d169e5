/** What can be known of the container we run in, beyond the Servlet API. */
@NullMarked
package dev.carryover.servlet.container;

import org.jspecify.annotations.NullMarked;

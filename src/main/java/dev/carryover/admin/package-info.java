/** What operators see of a web application's sessions: an MXBean, and a console. */
@NullMarked
package dev.carryover.admin;

import org.jspecify.annotations.NullMarked;

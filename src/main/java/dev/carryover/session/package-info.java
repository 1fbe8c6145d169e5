/**
 * The rules of a session's life: live sessions, change tracking, rotation, expiry. Knows no Servlet
 * and no Redis.
 */
@NullMarked
package dev.carryover.session;

import org.jspecify.annotations.NullMarked;

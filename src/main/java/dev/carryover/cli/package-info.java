/** The command line of the self-contained jars: install, uninstall, doctor, sessions, twin. */
@NullMarked
package dev.carryover.cli;

import org.jspecify.annotations.NullMarked;

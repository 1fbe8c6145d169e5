/** The command line of the self-contained jars: install, uninstall, doctor. */
@NullMarked
package dev.carryover.cli;

import org.jspecify.annotations.NullMarked;

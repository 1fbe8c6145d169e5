/** Two nodes under load, with one fault after the other, and clients that check every answer. */
package dev.carryover.load;

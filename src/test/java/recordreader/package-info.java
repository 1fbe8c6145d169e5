/** A program that reads sessions out of Redis, as anyone may write one. */
package recordreader;

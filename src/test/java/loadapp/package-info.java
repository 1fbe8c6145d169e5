/** The application of the load run: it uses sessions in all ways, and tells what is in them. */
package loadapp;

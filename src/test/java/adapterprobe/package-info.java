/** What goes into a WAR, beside the container adapters alone, to try them in their containers. */
package adapterprobe;

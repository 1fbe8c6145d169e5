/** Carryover and its peers under the same load, in containers of their own. */
package dev.carryover.bench.web;

/**
 * A web application of which two versions run at the same time; its model is compiled in the test.
 */
package rollingapp;

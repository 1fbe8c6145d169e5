/** A small Jakarta Faces application: a form, and beans that live as long as session and view. */
package facesapp;

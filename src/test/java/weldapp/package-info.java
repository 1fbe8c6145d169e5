/** An application of CDI beans: what lives as long as the session, the request, a conversation. */
package weldapp;

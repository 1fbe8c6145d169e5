package dev.carryover.store;

/**
 * What a store gives out with a session's record and likes to have back with its next delta. It
 * saves the store a question, and means nothing to anyone else.
 */
public interface Attachment {}

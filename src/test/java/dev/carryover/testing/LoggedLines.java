package dev.carryover.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What a class of ours logs in this process, in a web application's jar too, until closed. */
public final class LoggedLines implements AutoCloseable {

  private final Logger logger;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Handler handler = new Listener();

  private LoggedLines(Logger logger) {
    this.logger = logger;
    logger.addHandler(handler);
  }

  public static LoggedLines of(Class<?> type) {
    return of(type.getName());
  }

  public static LoggedLines of(String logger) {
    return new LoggedLines(Logger.getLogger(logger));
  }

  /** Returns the messages so far, in their order. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    logger.removeHandler(handler);
  }

  private final class Listener extends Handler {

    @Override
    public void publish(LogRecord record) {
      lines.add(new SimpleFormatter().formatMessage(record));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}

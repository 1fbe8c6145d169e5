package listenertable;

/** Added by {@link StartupListener}. */
public class ProgrammaticListener extends SessionLogger {

  public ProgrammaticListener() {
    super("programmatic");
  }
}

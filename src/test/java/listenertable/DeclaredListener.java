package listenertable;

/** In web.xml: the first. Throws where it is told to. */
public class DeclaredListener extends SessionLogger {

  public DeclaredListener() {
    super("declared");
  }

  @Override
  void add(String event, String what) {
    Events.addAndThrow(event, "declared " + event + " " + what);
  }
}

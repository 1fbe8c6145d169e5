package listenertable;

/** For a library's tag library descriptor to declare. */
public class TagLibraryListener extends SessionLogger {

  public TagLibraryListener() {
    super("taglibrary");
  }
}

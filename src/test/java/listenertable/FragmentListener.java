package listenertable;

/** For a library's web-fragment.xml to declare. */
public class FragmentListener extends SessionLogger {

  public FragmentListener() {
    super("fragment");
  }
}

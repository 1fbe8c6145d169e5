package springapp;

import java.io.Serializable;

/** What a form is about, for as long as it takes several requests. */
public class Draft implements Serializable {

  private static final long serialVersionUID = 1;

  private String title = "";
  private String body = "";

  public String getTitle() {
    return title;
  }

  public void setTitle(String title) {
    this.title = title;
  }

  public String getBody() {
    return body;
  }

  public void setBody(String body) {
    this.body = body;
  }
}

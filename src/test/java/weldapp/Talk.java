package weldapp;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.Conversation;
import jakarta.enterprise.context.ConversationScoped;
import jakarta.inject.Inject;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** Lives for several requests of a session, which name it. */
@ConversationScoped
public class Talk implements Serializable {

  private static final long serialVersionUID = 1;

  @Inject private Conversation conversation;

  private final List<String> words = new ArrayList<>();

  /** Adds a word, and answers all with the talk's id. */
  public String say(String word) {
    words.add(word);
    if (conversation.isTransient()) {
      conversation.begin("talk");
    }
    return words + " " + conversation.getId();
  }

  /** Ends the talk with this request. */
  public String end() {
    conversation.end();
    return words.toString();
  }

  @PreDestroy
  void destroyed() {
    Journal.add("talk destroyed at " + words);
  }
}

package dev.carryover.testing.app;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.http.HttpSession;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A WebSocket at {@code /socket} and {@code /secured/socket} that keeps the session of its
 * handshake, does with it what each message says ({@code set:a:1}), and answers each.
 */
public final class SocketEndpoint extends Endpoint {

  private static final String SESSION = HttpSession.class.getName();

  /** What was read last, to be changed without asking the session. */
  private List<String> held;

  @Override
  public void onOpen(Session socket, EndpointConfig config) {
    HttpSession session = (HttpSession) config.getUserProperties().get(SESSION);
    socket.addMessageHandler(
        new MessageHandler.Whole<String>() {
          @Override
          public void onMessage(String message) {
            send(socket, answer(session, message.split(":", 3)));
          }
        });
  }

  private String answer(HttpSession session, String[] words) {
    if (session == null) {
      return "no session";
    }
    try {
      return run(session, words);
    } catch (IllegalStateException e) {
      return "IllegalStateException";
    }
  }

  private String run(HttpSession session, String[] words) {
    switch (words[0]) {
      case "id":
        return session.getId();
      case "get":
        return String.valueOf(session.getAttribute(words[1]));
      case "set":
        session.setAttribute(words[1], words[2]);
        return "set";
      case "list":
        held = new ArrayList<>(List.of(words[2]));
        session.setAttribute(words[1], held);
        return "set";
      case "add":
        held = listIn(session, words[1]);
        held.add(words[2]);
        return "added";
      case "addToHeld":
        held.add(words[1]);
        return "added";
      case "remove":
        session.removeAttribute(words[1]);
        return "removed";
      case "accessed":
        return String.valueOf(session.getLastAccessedTime());
      case "invalidate":
        session.invalidate();
        return "invalidated";
      default:
        throw new IllegalArgumentException(words[0]);
    }
  }

  @SuppressWarnings("unchecked")
  private static List<String> listIn(HttpSession session, String name) {
    return (List<String>) session.getAttribute(name);
  }

  private static void send(Session socket, String text) {
    try {
      socket.getBasicRemote().sendText(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deploys the endpoint. */
  @WebListener
  public static final class Deployer implements ServletContextListener {

    @Override
    public void contextInitialized(ServletContextEvent event) {
      ServerContainer container =
          (ServerContainer) event.getServletContext().getAttribute(ServerContainer.class.getName());
      try {
        for (String path : List.of("/socket", "/secured/socket")) {
          container.addEndpoint(
              ServerEndpointConfig.Builder.create(SocketEndpoint.class, path)
                  .configurator(new Handshake())
                  .build());
        }
      } catch (DeploymentException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Takes the session of the handshake's request, and leaves something there. */
  public static final class Handshake extends ServerEndpointConfig.Configurator {

    @Override
    public void modifyHandshake(
        ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
      HttpSession session = (HttpSession) request.getHttpSession();
      if (session != null) {
        session.setAttribute("handshake", "seen");
        config.getUserProperties().put(SESSION, session);
      }
    }
  }
}

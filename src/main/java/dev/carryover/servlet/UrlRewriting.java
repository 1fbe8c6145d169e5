package dev.carryover.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * Puts a session's id into URLs of the application, for clients without cookies: as a path
 * parameter, before query and fragment (Jakarta Servlet 6.0, section 7.1.3).
 */
final class UrlRewriting {

  private UrlRewriting() {}

  /** The URL with the id in it, or as it was if it leads out of the application. */
  static String rewrite(HttpServletRequest request, String url, String parameter, String value) {
    if (url.startsWith("#") || !isOurs(request, url)) {
      return url;
    }
    int end = endOfPath(url);
    String path = end == 0 ? withoutParameters(request.getRequestURI()) : url.substring(0, end);
    String start = ';' + parameter + '=';
    return without(start, withRoot(path)) + start + value + url.substring(end);
  }

  /** A URL that ends with its host gets a path, lest the parameter becomes a part of the host. */
  private static String withRoot(String url) {
    int authority = url.indexOf("//");
    boolean isHost = hasScheme(url) || authority == 0;
    return isHost && url.indexOf('/', authority + 2) < 0 ? url + '/' : url;
  }

  /** An id that is there already may be another than the session's. */
  private static String without(String start, String path) {
    int at = path.indexOf(start);
    if (at < 0) {
      return path;
    }
    int end = at + start.length();
    while (end < path.length() && ";/".indexOf(path.charAt(end)) < 0) {
      end++;
    }
    return path.substring(0, at) + path.substring(end);
  }

  private static boolean isOurs(HttpServletRequest request, String url) {
    String path = url;
    if (hasScheme(url) || url.startsWith("//")) {
      String authority = url.startsWith("//") ? url : url.substring(url.indexOf(':') + 1);
      boolean sameScheme = url.startsWith("//") || isSameScheme(request, url);
      int end = authority.startsWith("//") ? endOfAuthority(authority) : 0;
      if (!sameScheme || end == 0 || !isSameHost(request, authority.substring(2, end))) {
        return false;
      }
      path = authority.substring(end);
    }
    boolean relative = path.equals(url) && !path.startsWith("/");
    String from = relative ? directory(request.getRequestURI()) : "";
    return isInContext(request.getContextPath(), withoutDots(from + path));
  }

  private static String directory(String uri) {
    String path = withoutParameters(uri);
    return path.substring(0, path.lastIndexOf('/') + 1);
  }

  /** A path that goes up may leave the application. */
  private static String withoutDots(String url) {
    String path = url.substring(0, endOfPath(url));
    if (!path.contains("/..")) {
      return url;
    }
    Deque<String> segments = new ArrayDeque<>();
    for (String segment : path.split("/", -1)) {
      if (segment.equals("..")) {
        segments.pollLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.addLast(segment);
      }
    }
    return '/' + String.join("/", segments);
  }

  private static boolean isInContext(String contextPath, String path) {
    return path.startsWith(contextPath)
        && (path.length() == contextPath.length()
            || "/;?#".indexOf(path.charAt(contextPath.length())) >= 0
            || contextPath.isEmpty());
  }

  private static boolean hasScheme(String url) {
    int colon = url.indexOf(':');
    return colon > 0
        && Character.isLetter(url.charAt(0))
        && url.substring(0, colon)
            .chars()
            .allMatch(c -> Character.isLetterOrDigit(c) || "+-.".indexOf(c) >= 0);
  }

  private static boolean isSameScheme(HttpServletRequest request, String url) {
    return url.regionMatches(
        true, 0, request.getScheme() + ':', 0, request.getScheme().length() + 1);
  }

  private static boolean isSameHost(HttpServletRequest request, String authority) {
    String host = request.getServerName().toLowerCase(Locale.ROOT);
    String given = authority.toLowerCase(Locale.ROOT);
    int port = request.getServerPort();
    boolean defaultPort = port == ("https".equals(request.getScheme()) ? 443 : 80);
    return given.equals(host + ':' + port) || (defaultPort && given.equals(host));
  }

  private static int endOfAuthority(String url) {
    int end = 2;
    while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    return end;
  }

  private static int endOfPath(String url) {
    int end = 0;
    while (end < url.length() && "?#".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    return end;
  }

  private static String withoutParameters(String uri) {
    int at = uri.indexOf(';');
    return at < 0 ? uri : uri.substring(0, at);
  }
}

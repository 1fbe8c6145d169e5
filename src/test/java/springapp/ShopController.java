package springapp;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.SessionAttribute;
import org.springframework.web.bind.annotation.SessionAttributes;
import org.springframework.web.bind.support.SessionStatus;
import org.springframework.web.servlet.View;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Uses the session in all the ways Spring MVC has for it. */
@Controller
@SessionAttributes("draft")
public class ShopController {

  private final Cart cart;

  ShopController(Cart cart) {
    this.cart = cart;
  }

  /** Makes the draft of a session that has none. */
  @ModelAttribute("draft")
  public Draft draft() {
    return new Draft();
  }

  @GetMapping("/shop/add")
  public View add(@RequestParam String item, HttpSession session) {
    cart.add(item);
    session.setAttribute("last", item);
    return text(cart.told());
  }

  @GetMapping("/shop/show")
  public View show(@SessionAttribute(name = "last", required = false) String last) {
    return text(cart.told() + " last " + last);
  }

  @GetMapping("/shop/write")
  public View write(HttpSession session, @ModelAttribute("draft") Draft draft) {
    return text(draft.getTitle() + ": " + draft.getBody());
  }

  @GetMapping("/shop/publish")
  public String publish(
      @ModelAttribute("draft") Draft draft, SessionStatus status, RedirectAttributes redirect) {
    status.setComplete();
    redirect.addFlashAttribute("published", draft.getTitle());
    return "redirect:/shop/published";
  }

  @GetMapping("/shop/published")
  public View published(
      @ModelAttribute(name = "published", binding = false) String published,
      @ModelAttribute("draft") Draft draft) {
    return text("published " + published + ", next " + draft.getTitle());
  }

  @GetMapping("/shop/interval")
  public View interval(@RequestParam int seconds, HttpSession session) {
    session.setMaxInactiveInterval(seconds);
    return text(cart.told());
  }

  @GetMapping("/shop/invalidate")
  @ResponseBody
  public String invalidate(HttpSession session) {
    session.invalidate();
    return "invalidated";
  }

  @GetMapping("/secure/account")
  public View account(Principal principal, HttpServletRequest request) {
    return text(principal.getName() + " " + request.isUserInRole("CUSTOMER") + " " + cart.told());
  }

  /**
   * A page with this text. Views are shown once the model is in the session; a response body goes
   * out before, so that the next request may come too early for it.
   */
  private static View text(String text) {
    return (model, request, response) -> response.getWriter().print(text);
  }
}

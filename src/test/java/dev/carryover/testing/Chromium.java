package dev.carryover.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium, where the machine has one with its driver. */
public final class Chromium implements AutoCloseable {

  private static final List<String> BROWSERS = List.of("chromium", "chromium-browser");
  private static final List<Path> PLACES = List.of(Path.of("/usr/bin"), Path.of("/usr/local/bin"));
  private static final Path SCREENSHOTS =
      Path.of(System.getProperty("carryover-test.directory", "target"), "screenshots");

  private final ChromeDriver driver;

  private Chromium(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Whether tests that need one can run. */
  public static boolean isInstalled() {
    return browser().isPresent() && find("chromedriver").isPresent();
  }

  private static Optional<Path> browser() {
    return BROWSERS.stream().flatMap(name -> find(name).stream()).findFirst();
  }

  private static Optional<Path> find(String name) {
    return PLACES.stream()
        .map(place -> place.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Starts one that asks nobody but the pages it is sent to. */
  public static Chromium start() {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(browser().orElseThrow().toFile());
    options.addArguments(
        "--headless",
        "--no-sandbox",
        "--hide-scrollbars",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--lang=en");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriver driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(find("chromedriver").orElseThrow().toFile())
                .usingAnyFreePort()
                .build(),
            options);
    driver.manage().timeouts().pageLoadTimeout(Duration.ofSeconds(60));
    driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(60));
    return new Chromium(driver);
  }

  /** The page's size, and whether its reader prefers dark ones. */
  public void looksLike(int width, int height, boolean dark) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  public void open(URI page) {
    driver.get(page.toString());
  }

  /** Those elements that are shown. */
  public List<WebElement> all(String css) {
    return driver.findElements(By.cssSelector(css)).stream()
        .filter(WebElement::isDisplayed)
        .toList();
  }

  public WebElement one(String css) {
    return driver.findElement(By.cssSelector(css));
  }

  /** The text that a reader sees of an element. */
  public String text(String css) {
    return one(css).getText();
  }

  /** What has the keyboard. */
  public WebElement focused() {
    return driver.switchTo().activeElement();
  }

  public Object run(String script) {
    return driver.executeScript(script);
  }

  /** All of the page as it is now, with what scripts have made. */
  public String source() {
    return (String) run("return document.documentElement.outerHTML");
  }

  /** What the page has said in the browser's console since the last time: errors, refusals. */
  public List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::getMessage)
        .toList();
  }

  /** Keeps a picture of the page for people to look at, from its top to its end. */
  public Path screenshot(String name) {
    run("scrollTo(0, 0)");
    Object picture =
        driver
            .executeCdpCommand(
                "Page.captureScreenshot", Map.of("captureBeyondViewport", true, "format", "png"))
            .get("data");
    try {
      Files.createDirectories(SCREENSHOTS);
      return Files.write(
          SCREENSHOTS.resolve(name + ".png"), Base64.getDecoder().decode(picture.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }

  /** The addresses of what the page has loaded. */
  public Stream<String> loaded() {
    Object names = run("return performance.getEntriesByType('resource').map((each) => each.name)");
    return ((List<?>) names).stream().map(Object::toString);
  }
}

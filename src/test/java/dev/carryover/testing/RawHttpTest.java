package dev.carryover.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RawHttpTest {

  private ServerSocket server;
  private RawHttp http;
  private Socket accepted;

  /** The server is this thread: nothing is sent but what the test sends next. */
  @BeforeEach
  void connect() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    http = RawHttp.connect(server.getLocalPort());
    accepted = server.accept();
  }

  @AfterEach
  void close() throws IOException {
    http.close();
    accepted.close();
    server.close();
  }

  @Test
  void sendsARequestAsWritten() throws IOException {
    String expected =
        "GET /a%20b?c=d HTTP/1.1\r\nHost: 127.0.0.1:1\r\nCookie: x=\u0001\u00ff\r\n\r\n";

    http.request("GET", URI.create("http://127.0.0.1:1/a%20b?c=d"), "Cookie: x=\u0001\u00ff");

    assertThat(received(expected.length())).isEqualTo(expected);
  }

  @Test
  void returnsWithTheFirstByteThenWithTheHeadThenWithTheBody() throws IOException {
    answer("H");
    http.awaitFirstByte();
    answer("TTP/1.1 200 OK\r\nSet-Cookie: a=1;Path=/\r\nset-cookie: b=2\r\n");
    answer("Content-Length: 4\r\n\r\n");
    RawHttp.Head head = http.readHead();
    answer("body");

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.headers("Set-Cookie")).containsExactly("a=1;Path=/", "b=2");
    assertThat(head.cookie("a")).isEqualTo("1");
    assertThat(head.cookie("c")).isNull();
    assertThat(head.header("absent")).isNull();
    assertThat(http.readBody()).asString().isEqualTo("body");
  }

  @Test
  void readsOneChunkedResponseAfterTheOther() throws IOException {
    String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    answer(chunked + "3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n");
    answer("HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 500 Oh\r\n\r\nto the end");
    accepted.close();

    http.readHead();
    assertThat(http.readBody()).asString().isEqualTo("abc0123456789");
    assertThat(http.readHead().status()).isEqualTo(204);
    assertThat(http.readBody()).isEmpty();
    assertThat(http.readHead().status()).isEqualTo(500);
    assertThat(http.readBody()).asString().isEqualTo("to the end");
  }

  @Test
  void saysWhenTheServerHangsUpTooEarly() throws IOException {
    answer("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbo");
    accepted.close();

    http.readHead();
    assertThatThrownBy(http::readBody).hasCauseInstanceOf(EOFException.class);
    assertThatThrownBy(http::awaitFirstByte).hasCauseInstanceOf(EOFException.class);
  }

  private void answer(String text) throws IOException {
    OutputStream out = accepted.getOutputStream();
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private String received(int length) throws IOException {
    return new String(accepted.getInputStream().readNBytes(length), StandardCharsets.ISO_8859_1);
  }
}

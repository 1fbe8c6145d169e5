package dev.carryover.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.carryover.config.RedisUrl.Topology;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisUrlTest {
  @Test
  void readsOneServer() {
    RedisUrl url = RedisUrl.parse("redis://cache.example:6380/2");

    assertThat(url.topology()).isEqualTo(Topology.SINGLE);
    assertThat(url.tls()).isFalse();
    assertThat(url.hosts()).singleElement().hasToString("cache.example:6380");
    assertThat(url.database()).isEqualTo(2);
    assertThat(url.user()).isEmpty();
    assertThat(url.password()).isEmpty();
    assertThat(url.masterName()).isEmpty();
  }

  @Test
  void readsSentinels() {
    RedisUrl url =
        RedisUrl.parse("redis-sentinel://:pw@s1,s2:26380,[fe80::1]/my-master?database=3");

    assertThat(url.topology()).isEqualTo(Topology.SENTINEL);
    assertThat(url.hosts())
        .extracting(HostPort::toString)
        .containsExactly("s1:26379", "s2:26380", "[fe80::1]:26379");
    assertThat(url.masterName()).contains("my-master");
    assertThat(url.database()).isEqualTo(3);
    assertThat(url.password()).contains("pw");
  }

  @Test
  void readsACluster() {
    RedisUrl url = RedisUrl.parse("rediss-cluster://user:pw@c1,c2:7001");

    assertThat(url.topology()).isEqualTo(Topology.CLUSTER);
    assertThat(url.tls()).isTrue();
    assertThat(url.hosts()).extracting(HostPort::toString).containsExactly("c1:6379", "c2:7001");
    assertThat(url.database()).isZero();
    assertThat(url.user()).contains("user");
    assertThat(url.password()).contains("pw");
  }

  @ParameterizedTest
  @CsvSource({
    "redis://h, false", "rediss://h, true", "REDISS://h, true",
    "redis-sentinel://h/m, false", "rediss-sentinel://h/m, true", "redis-cluster://h, false"
  })
  void takesTlsFromTheScheme(String url, boolean tls) {
    assertThat(RedisUrl.parse(url).tls()).isEqualTo(tls);
  }

  @Test
  void knowsAnIpv6HostWithoutBrackets() {
    HostPort host = RedisUrl.parse("redis://[2001:db8::1]:6380").hosts().get(0);

    assertThat(host.host()).isEqualTo("2001:db8::1");
    assertThat(host.port()).isEqualTo(6380);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 65535})
  void takesTheOutermostPorts(int port) {
    assertThat(RedisUrl.parse("redis://h:" + port).hosts().get(0).port()).isEqualTo(port);
  }

  @Test
  void decodesCredentials() {
    RedisUrl url = RedisUrl.parse("redis://a%3Ab:p%40s%2Fs+%C3%A4:x@h");

    assertThat(url.user()).contains("a:b");
    assertThat(url.password()).contains("p@s/s+ä:x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          localhost:6379             | expected a URL that starts with redis://
          http://h                   | expected a URL that starts with redis://
          redis-replica://h          | expected a URL that starts with redis://
          redis://                   | expected host or host:port
          redis://h:                 | expected host or host:port
          redis://h:port             | expected host or host:port
          redis://::1                | an IPv6 address in brackets
          redis://h h                | expected host or host:port
          redis://h:0                | expected a port from 1 to 65535
          redis://h:65536            | expected a port from 1 to 65535
          redis://h1,h2              | expected one host
          redis-cluster://h1,,h2     | expected host or host:port
          redis://h/two              | expected the database as a number
          redis://h/-1               | expected the database as a number
          redis://h?database=2       | expected the database in the path
          redis-sentinel://h         | expected the master's name
          redis-sentinel://h/        | expected the master's name
          redis-sentinel://h/m?db=2  | expected nothing but ?database=2
          redis-sentinel://h/m?database=x | expected the database as a number
          redis-cluster://h/2        | Redis Cluster has no databases but 0
          redis-cluster://h?x=y      | Redis Cluster has no databases but 0
          redis://pw@h               | expected user:password@ or :password@
          redis://user:@h            | expected user:password@ or :password@
          redis://:p/w@h             | percent-encoded
          redis://:p@w@h             | percent-encoded
          redis://:p%zz@h            | expected two hexadecimal digits
          redis://:p%2@h             | expected two hexadecimal digits
          """)
  void saysWhatIsWrong(String url, String reason) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RedisUrl.parse(url))
        .withMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "redis://h, redis://h:6379",
    "rediss://user:secret@[::1]/2, rediss://user:***@[::1]:6379/2",
    "redis-sentinel://:secret@h/m?database=2, redis-sentinel://:***@h:26379/m?database=2"
  })
  void showsItselfWithoutPassword(String url, String shown) {
    assertThat(RedisUrl.parse(url)).hasToString(shown);
  }

  @Test
  void isAValue() {
    RedisUrl url = RedisUrl.parse("redis://:a@h");

    assertThat(url).isEqualTo(RedisUrl.parse("redis://:a@h:6379/0"));
    assertThat(url).hasSameHashCodeAs(RedisUrl.parse("redis://:a@h:6379/0"));
    assertThat(url).isNotEqualTo(RedisUrl.parse("redis://:b@h"));
    assertThat(url).isNotEqualTo(RedisUrl.parse("redis://:a@other"));
    assertThat(url).isNotEqualTo(RedisUrl.parse("redis://:a@h:6380"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://user:s3cret@h",
        "redis://user:a@s3cret@h",
        "redis://user:a/s3cret@h:6379/0",
        "redis://user:a:s3cret?#@h",
        "redis://s3cret@h",
        "redis:/user:s3cret@h",
        "user:s3cret@h:6379",
        "redis://user:s3cret",
        "redis-sentinel://h1,h2:s3cret/m",
        "redis://:12345s3cret",
        "redis://:abc/s3cret",
        "redis://h?s3cret",
        "redis://h:6379?password=s3cret",
        "redis://h/0?user=u&password=s3cret",
        "redis://user:x\ns3cret@h",
        "redis://:abc\ns3cret"
      })
  void masksThePasswordOfAMalformedUrl(String text) {
    assertThat(RedisUrl.mask(text)).doesNotContain("s3cret").contains("***");
  }

  @ParameterizedTest
  @CsvSource({
    "redis://:12345, redis://:***",
    ":12345, :***",
    "redis://h:6379?x, redis://h:6379?***"
  })
  void masksWhatLooksLikeAPortOrAName(String text, String masked) {
    assertThat(RedisUrl.mask(text)).isEqualTo(masked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://127.0.0.1:6379",
        "redis://[2001:db8::1]:6379/2",
        "redis-sentinel://h1:1,h2:2/m?database=2",
        "redis-cluster://[::1],h2:70000"
      })
  void masksNothingElse(String text) {
    assertThat(RedisUrl.mask(text)).isEqualTo(text);
  }

  @Property
  void neverShowsAPassword(
      @ForAll @CharRange(from = ' ', to = '~') @StringLength(min = 6, max = 20) String secret) {
    String raw = "redis://user:" + secret + "@h:1/2";
    String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8).replace("+", "%20");
    RedisUrl url = RedisUrl.parse("redis://user:" + encoded + "@h:1/2");

    assertThat(RedisUrl.mask(raw)).isEqualTo("redis://user:***@h:1/2");
    assertThat(url).hasToString("redis://user:***@h:1/2");
    assertThat(url.password()).contains(secret);
  }
}

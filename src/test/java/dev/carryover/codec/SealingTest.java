package dev.carryover.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class SealingTest {

  private static final String SECRET = "a secret of some length";
  private static final Sealing SEALING = new Sealing(SECRET, "shop");
  private static final byte[] SALT = "salt of a session".getBytes(UTF_8);
  private static final Seal SEAL = SEALING.seal("session", SALT);

  /** The text "value" under the label "a", as sealed with these. */
  private static final String GOLDEN =
      "53836254f14016266cae13b3e4dcbd5fc34201699f09809f4652ccace6838c6c57b2ad6ba55e";

  @Property(tries = 200)
  void opensWhatWasSealedUnderTheSameLabel(@ForAll byte[] value, @ForAll String label) {
    byte[] sealed = SEAL.seal(label, value);

    assertThat(SEALING.seal("session", SALT).open(label, sealed)).isEqualTo(value);
    assertThat(sealed).hasSize(value.length + Seal.OVERHEAD).startsWith(Sealing.FORMAT);
  }

  @Property(tries = 200)
  void opensNothingElse(@ForAll byte[] bytes) {
    assertThat(SEAL.open("a", bytes)).isNull();
  }

  @Example
  void opensNothingOfWhichABitWasChanged() {
    byte[] sealed = SEAL.seal("a", "value".getBytes(UTF_8));
    for (int bit = 0; bit < 8 * sealed.length; bit++) {
      byte[] changed = sealed.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(SEAL.open("a", changed)).as("bit %d", bit).isNull();
    }
  }

  @Example
  void opensNothingThatWasCutOrMadeLonger() {
    byte[] sealed = SEAL.seal("a", "value".getBytes(UTF_8));
    for (int length = 0; length <= 2 * sealed.length; length++) {
      byte[] opened = SEAL.open("a", Arrays.copyOf(sealed, length));
      assertThat(opened != null).as("%d bytes", length).isEqualTo(length == sealed.length);
    }
  }

  @Example
  void opensNothingThatBelongsElsewhere() {
    byte[] sealed = SEAL.seal("a", "value".getBytes(UTF_8));

    assertThat(SEAL.open("b", sealed)).isNull();
    assertThat(SEAL.open("", sealed)).isNull();
    assertThat(SEALING.seal("session", "another salt".getBytes(UTF_8)).open("a", sealed)).isNull();
    assertThat(SEALING.seal("record", SALT).open("a", sealed)).isNull();
    assertThat(new Sealing(SECRET, "shop2").seal("session", SALT).open("a", sealed)).isNull();
    assertThat(new Sealing(SECRET + "!", "shop").seal("session", SALT).open("a", sealed)).isNull();
  }

  /** Where one ends and the next begins makes a difference. */
  @Example
  void contextAndLabelDoNotRunIntoEachOther() {
    byte[] sealed = SEALING.seal("session", "ab".getBytes(UTF_8)).seal("c", new byte[1]);

    assertThat(SEALING.seal("session", "a".getBytes(UTF_8)).open("bc", sealed)).isNull();
    assertThat(SEALING.seal("sessiona", "b".getBytes(UTF_8)).open("c", sealed)).isNull();
  }

  @Example
  void sealsTheSameNeverTwiceAlike() {
    Set<String> nonces = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      byte[] sealed = SEAL.seal("a", new byte[0]);
      nonces.add(new String(sealed, 1 + Sealing.KEY_ID_BYTES, 12, ISO_8859_1));
    }
    assertThat(nonces).hasSize(10_000);
  }

  @Example
  void showsNothingOfTheValue() {
    String value = "value-of-it".repeat(20);

    String sealed = new String(SEAL.seal("a", value.getBytes(ISO_8859_1)), ISO_8859_1);

    assertThat(sealed).doesNotContain("value").doesNotContain("a-secret");
  }

  @Example
  void hashesDependOnTextSecretAndNamespace() {
    Sealing elsewhere = new Sealing(SECRET, "shop2");
    Sealing other = new Sealing(SECRET + "!", "shop");

    assertThat(SEALING.hash("id")).matches("[A-Za-z0-9_-]{43}").isEqualTo(SEALING.hash("id"));
    assertThat(Set.of(SEALING.hash("id"), SEALING.hash("ie"), elsewhere.hash("id"))).hasSize(3);
    assertThat(other.hash("id")).isNotEqualTo(SEALING.hash("id"));
    assertThat(Set.of(SEALING.keyId(), elsewhere.keyId(), other.keyId())).hasSize(3);
  }

  /** What is in Redis must still be found and opened by the next version. */
  @Example
  void keysComeFromTheSecretAsTheyAlwaysDid() {
    assertThat(SEALING.keyId()).isEqualTo("g2JU8Q");
    assertThat(SEALING.hash("id")).isEqualTo("8aaBrO-2Gv9UOCwXeLR2rvU0n42r1kNkidJqpz47NSs");
    assertThat(SEAL.open("a", hex(GOLDEN))).isEqualTo("value".getBytes(UTF_8));
  }

  @Example
  void aCodecRefusesWhatWasNotOpened() {
    KryoCodec codec = KryoCodec.forClassLoader(SealingTest.class.getClassLoader());
    byte[] sealed = SEAL.seal("a", codec.encode("value-of-it"));

    assertThatThrownBy(() -> codec.decode(sealed))
        .isInstanceOf(CodecException.class)
        .hasMessageStartingWith("sealed, and can't be opened here");
    assertThat(codec.encode("value-of-it")[0]).isNotEqualTo(Sealing.FORMAT);
  }

  private static byte[] hex(String text) {
    byte[] bytes = new byte[text.length() / 2];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Integer.parseInt(text.substring(2 * i, 2 * i + 2), 16);
    }
    return bytes;
  }
}

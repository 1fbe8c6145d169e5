package dev.carryover.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Values of the JDK that consist of a few numbers. */
final class ValueSerializers {

  private ValueSerializers() {}

  @SuppressWarnings("JavaUtilDate") // applications do use Date
  static void addTo(Map<Class<?>, Serializer<?>> map) {
    addBoxes(map);
    map.put(BigInteger.class, new Simple<>(ValueSerializers::writeBig, ValueSerializers::readBig));
    map.put(BigDecimal.class, new OfDecimal());
    put(
        map,
        UUID.class,
        (out, id) -> {
          out.writeLong(id.getMostSignificantBits());
          out.writeLong(id.getLeastSignificantBits());
        },
        in -> new UUID(in.readLong(), in.readLong()));
    put(
        map,
        Date.class,
        (out, date) -> out.writeVarLong(date.getTime(), false),
        in -> new Date(in.readVarLong(false)));
    put(
        map,
        Instant.class,
        (out, time) -> {
          out.writeVarLong(time.getEpochSecond(), false);
          out.writeVarInt(time.getNano(), true);
        },
        in -> Instant.ofEpochSecond(in.readVarLong(false), in.readVarInt(true)));
    put(
        map,
        Duration.class,
        (out, time) -> {
          out.writeVarLong(time.getSeconds(), false);
          out.writeVarInt(time.getNano(), true);
        },
        in -> Duration.ofSeconds(in.readVarLong(false), in.readVarInt(true)));
    put(
        map,
        LocalDate.class,
        (out, date) -> out.writeVarLong(date.toEpochDay(), false),
        in -> LocalDate.ofEpochDay(in.readVarLong(false)));
    put(
        map,
        LocalTime.class,
        (out, time) -> out.writeVarLong(time.toNanoOfDay(), true),
        in -> LocalTime.ofNanoOfDay(in.readVarLong(true)));
    put(
        map,
        LocalDateTime.class,
        (out, time) -> {
          out.writeVarLong(time.toLocalDate().toEpochDay(), false);
          out.writeVarLong(time.toLocalTime().toNanoOfDay(), true);
        },
        in ->
            LocalDateTime.of(
                LocalDate.ofEpochDay(in.readVarLong(false)),
                LocalTime.ofNanoOfDay(in.readVarLong(true))));
    put(map, ThreadLocalRandom.class, (out, own) -> {}, in -> ThreadLocalRandom.current());
    addOptionals(map);
  }

  private static void addBoxes(Map<Class<?>, Serializer<?>> map) {
    put(map, Integer.class, (out, i) -> out.writeVarInt(i, false), in -> in.readVarInt(false));
    put(map, Long.class, (out, l) -> out.writeVarLong(l, false), in -> in.readVarLong(false));
    put(map, Boolean.class, Output::writeBoolean, Input::readBoolean);
    put(map, Byte.class, (out, b) -> out.writeByte(b), Input::readByte);
    put(map, Short.class, (out, s) -> out.writeShort(s), Input::readShort);
    put(
        map,
        Character.class,
        (out, c) -> out.writeVarInt(c, true),
        in -> (char) in.readVarInt(true));
    put(map, Float.class, Output::writeFloat, Input::readFloat);
    put(map, Double.class, Output::writeDouble, Input::readDouble);
  }

  private static void addOptionals(Map<Class<?>, Serializer<?>> map) {
    map.put(Optional.class, new OfOptional());
    put(
        map,
        OptionalInt.class,
        (out, value) -> {
          out.writeBoolean(value.isPresent());
          value.ifPresent(out::writeInt);
        },
        in -> in.readBoolean() ? OptionalInt.of(in.readInt()) : OptionalInt.empty());
    put(
        map,
        OptionalLong.class,
        (out, value) -> {
          out.writeBoolean(value.isPresent());
          value.ifPresent(out::writeLong);
        },
        in -> in.readBoolean() ? OptionalLong.of(in.readLong()) : OptionalLong.empty());
    put(
        map,
        OptionalDouble.class,
        (out, value) -> {
          out.writeBoolean(value.isPresent());
          value.ifPresent(out::writeDouble);
        },
        in -> in.readBoolean() ? OptionalDouble.of(in.readDouble()) : OptionalDouble.empty());
  }

  private static <T> void put(
      Map<Class<?>, Serializer<?>> map,
      Class<T> type,
      BiConsumer<Output, T> writer,
      Function<Input, T> reader) {
    map.put(type, new Simple<>(writer, (graph, in) -> reader.apply(in)));
  }

  private static void writeBig(Output out, BigInteger value) {
    byte[] bytes = value.toByteArray();
    out.writeVarInt(bytes.length, true);
    out.writeBytes(bytes);
  }

  private static BigInteger readBig(Graph graph, Input in) {
    return new BigInteger(in.readBytes(graph.count(in, in.readVarInt(true))));
  }

  /** Reads with the value's limits at hand. */
  private interface Reader<T> {
    T read(Graph graph, Input in);
  }

  private static final class Simple<T> extends Serializer<T> {

    private final BiConsumer<Output, T> writer;
    private final Reader<T> reader;

    Simple(BiConsumer<Output, T> writer, Reader<T> reader) {
      this.writer = writer;
      this.reader = reader;
    }

    @Override
    public void write(Kryo kryo, Output out, T value) {
      writer.accept(out, value);
    }

    @Override
    public T read(Kryo kryo, Input in, Class<? extends T> type) {
      return reader.read((Graph) kryo, in);
    }
  }

  /** Scale and digits; the digits as a long if there are few, which the scale's last bit tells. */
  private static final class OfDecimal extends Serializer<BigDecimal> {

    private static final int LONG_DIGITS = 18;

    @Override
    public void write(Kryo kryo, Output out, BigDecimal value) {
      int scale = value.scale();
      long head = (scale << 1 ^ scale >> 31) & 0xffffffffL;
      head <<= 1;
      if (value.precision() <= LONG_DIGITS) {
        out.writeVarLong(head, true);
        out.writeVarLong(value.scaleByPowerOfTen(scale).longValue(), false);
      } else {
        out.writeVarLong(head | 1, true);
        writeBig(out, value.unscaledValue());
      }
    }

    @Override
    public BigDecimal read(Kryo kryo, Input in, Class<? extends BigDecimal> type) {
      long head = in.readVarLong(true);
      int zigzag = (int) (head >>> 1);
      int scale = zigzag >>> 1 ^ -(zigzag & 1);
      return (head & 1) == 0
          ? BigDecimal.valueOf(in.readVarLong(false), scale)
          : new BigDecimal(readBig((Graph) kryo, in), scale);
    }
  }

  /** Bare objects: the locks of beans that synchronise on one. */
  static final class OfObject extends Serializer<Object> {

    @Override
    public void write(Kryo kryo, Output out, Object object) {}

    @Override
    public Object read(Kryo kryo, Input in, Class<? extends Object> type) {
      return new Object();
    }
  }

  private static final class OfOptional extends Serializer<Optional<?>> {

    @Override
    public void write(Kryo kryo, Output out, Optional<?> optional) {
      Graph graph = (Graph) kryo;
      graph.references().begin(optional);
      graph.writeClassAndObject(out, optional.orElse(null));
      graph.references().end();
    }

    @Override
    public Optional<?> read(Kryo kryo, Input in, Class<? extends Optional<?>> type) {
      return Optional.ofNullable(kryo.readClassAndObject(in));
    }
  }
}

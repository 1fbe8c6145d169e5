package dev.carryover.codec;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.carryover.config.NonSerializable;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Attribute values to bytes and back, for one web application and its class loader. Thread-safe.
 *
 * <p>Carries whatever Java serialisation carries, and beans of the application that forgot to be
 * Serializable. Equal values have equal bytes as far as their classes allow, and a value that was
 * decoded encodes to what it was decoded from.
 */
public final class KryoCodec {

  /** The first byte of every value. */
  static final byte FORMAT = 1;

  private static final int SMALL_BUFFER = 512;

  /** A larger one is not kept for the next value. */
  private static final int KEPT_BUFFER = 128 * 1024;

  private static final int KEPT_GRAPHS = 16;
  private static final byte[] NOTHING = {};

  private final ClassLoader loader;
  private final Limits limits;
  private final Shapes shapes;
  private final Compression compression;
  private final Consumer<Class<?>> onBean;
  private final Set<Class<?>> named = ConcurrentHashMap.newKeySet();
  private final AtomicReferenceArray<@Nullable Worker> idle =
      new AtomicReferenceArray<>(KEPT_GRAPHS);

  private KryoCodec(Builder builder) {
    this.loader = builder.loader;
    this.limits = builder.limits();
    this.shapes =
        new Shapes(loader, new ClassFilter(builder.filter), builder.aliases, builder.carriable());
    this.compression = new Compression(builder.compressAbove, limits.maxBytes());
    this.onBean = builder.onBean;
  }

  /** A codec with the default limits and no filter but the built-in one. */
  public static KryoCodec forClassLoader(ClassLoader webapp) {
    return builder(webapp).build();
  }

  public static Builder builder(ClassLoader webapp) {
    return new Builder(webapp);
  }

  /** Whether the bytes look like a value of this codec's, of whatever content. */
  static boolean isValue(byte[] bytes) {
    return bytes.length > 0 && (bytes[0] == FORMAT || Compression.isCompressed(bytes));
  }

  /** Where classes are looked for. */
  ClassLoader loader() {
    return loader;
  }

  /**
   * Whether the value can't be changed in place, so that nobody need look whether it was.
   *
   * @param value anything; of classes not known, the answer is no
   */
  public static boolean isImmutable(Object value) {
    return Immutables.contains(value);
  }

  /**
   * The value's bytes.
   *
   * @throws CodecException if some part of the value can't be carried, if it is too deep or too
   *     large, or if another thread changed it meanwhile: its cause is then what the value's own
   *     class threw, and another try may succeed
   */
  public byte[] encode(Object value) {
    return encode(value, null);
  }

  /**
   * The value's bytes: the very array {@code known} if it has these.
   *
   * @param known what the value was when it was last looked at, or null
   * @throws CodecException as {@link #encode(Object)}
   */
  public byte[] encode(Object value, byte @Nullable [] known) {
    Objects.requireNonNull(value, "value");
    return with(
        worker -> {
          byte[] bytes = worker.encode(value, known, compression);
          worker.graph.beans().classes().forEach(this::name);
          return bytes;
        });
  }

  private void name(Class<?> bean) {
    if (named.add(bean)) {
      onBean.accept(bean);
    }
  }

  /**
   * The value that the bytes hold.
   *
   * @throws CodecException if they hold none that can be had here
   */
  public Object decode(byte[] bytes) {
    Objects.requireNonNull(bytes, "bytes");
    return with(worker -> worker.decode(compression.unpack(bytes)));
  }

  private <T> T with(Function<Worker, T> work) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    boolean foreign = before != loader;
    try {
      if (foreign) {
        thread.setContextClassLoader(loader);
      }
      Worker worker = take();
      T result = work.apply(worker);
      // One that failed is dropped: it may be left half way.
      keep(worker);
      return result;
    } catch (StackOverflowError e) {
      throw new CodecException("nested too deeply for this thread's stack", e);
    } catch (Throwable e) {
      throw CodecException.of(Failures.unlessFatal(e));
    } finally {
      if (foreign) {
        thread.setContextClassLoader(before);
      }
    }
  }

  private Worker take() {
    for (int i = 0; i < KEPT_GRAPHS; i++) {
      if (idle.getPlain(i) != null) {
        Worker worker = idle.getAndSet(i, null);
        if (worker != null) {
          return worker;
        }
      }
    }
    return new Worker(new Graph(shapes, limits), limits);
  }

  private void keep(Worker worker) {
    worker.shrink();
    for (int i = 0; i < KEPT_GRAPHS; i++) {
      if (idle.getPlain(i) == null && idle.compareAndSet(i, null, worker)) {
        return;
      }
    }
  }

  /** A Graph with its buffers. Not thread-safe. */
  private static final class Worker {

    private final Graph graph;
    private final Limits limits;
    private final Output output;
    private final Input input = new Input();

    Worker(Graph graph, Limits limits) {
      this.graph = graph;
      this.limits = limits;
      this.output = new Output(Math.min(SMALL_BUFFER, limits.maxBytes()), limits.maxBytes());
    }

    byte[] encode(Object value, byte @Nullable [] known, Compression compression) {
      write(value, false);
      if (graph.beans().haveMetHandles()) {
        write(value, true);
      }
      int length = output.position();
      byte[] buffer = output.getBuffer();
      byte[] plain = known == null ? NOTHING : compression.unpackKnown(known);
      if (known != null && Arrays.equals(plain, 0, plain.length, buffer, 0, length)) {
        return known;
      }
      return compression.pack(buffer, length);
    }

    private void write(Object value, boolean strictly) {
      graph.beans().begin(strictly);
      output.setPosition(0);
      output.writeByte(FORMAT);
      graph.writeClassAndObject(output, value);
      graph.requireWhole();
      graph.reset();
    }

    void shrink() {
      if (output.getBuffer().length > KEPT_BUFFER) {
        output.setBuffer(new byte[SMALL_BUFFER], limits.maxBytes());
      }
    }

    Object decode(byte[] bytes) {
      if (bytes.length == 0 || bytes.length > limits.maxBytes()) {
        throw new CodecException("no value has " + bytes.length + " bytes");
      }
      if (bytes[0] == Sealing.FORMAT) {
        throw new CodecException("sealed, and can't be opened here: by another secret, or changed");
      }
      if (bytes[0] != FORMAT) {
        throw new CodecException("format " + bytes[0] + " is not known here, only " + FORMAT);
      }
      input.setBuffer(bytes, 1, bytes.length - 1);
      Object value = graph.readClassAndObject(input);
      graph.requireWhole();
      graph.reset();
      boolean exact = input.position() == input.limit();
      input.setBuffer(NOTHING);
      if (!exact) {
        throw new CodecException("more bytes than the value has");
      }
      graph.validate();
      if (value == null) {
        throw new CodecException("no value");
      }
      return value;
    }
  }

  /** Options of a codec. Not thread-safe. */
  public static final class Builder {

    private final ClassLoader loader;
    private @Nullable String filter;
    private int maxDepth = 1_000;
    private int maxReferences = 1_000_000;
    private int maxBytes = 16 * 1024 * 1024;
    private NonSerializable nonSerializable = NonSerializable.CARRY;
    private Aliases aliases = Aliases.NONE;
    private int compressAbove = Compression.NEVER;
    private ClassPatterns carry = ClassPatterns.NONE;
    private ClassPatterns keepLocal = ClassPatterns.NONE;
    private Consumer<Class<?>> onBean = type -> {};

    private Builder(ClassLoader loader) {
      this.loader = Objects.requireNonNull(loader, "webapp");
    }

    /**
     * Classes that bytes may name, in the syntax of {@code jdk.serialFilter}; by default all but
     * known gadgets, which a filter can allow only by their whole names.
     *
     * @throws IllegalArgumentException if the pattern is malformed
     */
    public Builder filter(String pattern) {
      ClassFilter unused = new ClassFilter(pattern);
      Objects.requireNonNull(unused);
      this.filter = pattern;
      return this;
    }

    /**
     * What becomes of objects that are not Serializable; {@link NonSerializable#CARRY} by default.
     */
    public Builder nonSerializable(NonSerializable policy) {
      this.nonSerializable = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * Classes to carry field by field although they are not Serializable, whatever the policy and
     * whatever they look like; patterns as in {@code jdk.serialFilter}, none by default. Classes of
     * the JDK and their subclasses are not carried so.
     */
    public Builder carry(Collection<String> patterns) {
      this.carry = new ClassPatterns(patterns);
      return this;
    }

    /**
     * Classes to refuse when they are to be written, Serializable or not; patterns as in {@code
     * jdk.serialFilter}, none by default.
     */
    public Builder keepLocal(Collection<String> patterns) {
      this.keepLocal = new ClassPatterns(patterns);
      return this;
    }

    /** Is told once of each class that is carried although it is not Serializable. */
    public Builder onBean(Consumer<Class<?>> listener) {
      this.onBean = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /**
     * Classes that were renamed, old name to new: what was written by the old name is read as the
     * new class. Writing always uses the names of now. None by default.
     */
    public Builder aliases(Map<String, String> newNames) {
      this.aliases = new Aliases(newNames);
      return this;
    }

    /** Compresses values of more bytes than this, if that makes them smaller; never by default. */
    public Builder compressAbove(int bytes) {
      this.compressAbove = positive("compressAbove", bytes);
      return this;
    }

    /** How deep objects may nest; 1,000 by default. */
    public Builder maxDepth(int depth) {
      this.maxDepth = positive("maxDepth", depth);
      return this;
    }

    /** How many objects a value may consist of; a million by default. */
    public Builder maxReferences(int references) {
      this.maxReferences = positive("maxReferences", references);
      return this;
    }

    /** How many bytes a value may have; 16 MiB by default. */
    public Builder maxBytes(int bytes) {
      this.maxBytes = positive("maxBytes", bytes);
      return this;
    }

    private static int positive(String name, int value) {
      if (value <= 0) {
        throw new IllegalArgumentException(name + " must be positive, not " + value);
      }
      return value;
    }

    Carriable carriable() {
      return new Carriable(loader, nonSerializable, carry, keepLocal);
    }

    Limits limits() {
      Limits limits = new Limits(maxDepth, maxReferences, Integer.MAX_VALUE, maxBytes);
      return filter == null ? limits : limits.overriddenBy(filter);
    }

    public KryoCodec build() {
      return new KryoCodec(this);
    }
  }
}

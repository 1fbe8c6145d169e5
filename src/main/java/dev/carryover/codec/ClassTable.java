package dev.carryover.codec;

import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.DefaultClassResolver;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Classes in the bytes: by their fixed number, or by name once per value and by number from then
 * on.
 */
final class ClassTable extends DefaultClassResolver {

  private final Shapes shapes;
  private final IdentityHashMap<Class<?>, Integer> written = new IdentityHashMap<>();
  private final List<Registration> read = new ArrayList<>();

  ClassTable(Shapes shapes) {
    this.shapes = shapes;
  }

  private Graph graph() {
    return (Graph) kryo;
  }

  @Override
  @SuppressWarnings("rawtypes")
  protected void writeName(Output out, Class type, Registration registration) {
    out.writeByte(1);
    Class<?> named = registration.getType();
    Integer number = written.get(named);
    if (number != null) {
      out.writeVarInt(number + 1, true);
      return;
    }
    shapes.checkNameable(named);
    out.writeByte(0);
    Strings.write(graph(), out, named.getName());
    written.put(named, written.size());
  }

  @Override
  protected Registration readName(Input in) {
    int number = in.readVarInt(true);
    if (number != 0) {
      if (number < 0 || number > read.size()) {
        throw new CodecException("a reference to a class that isn't there");
      }
      return read.get(number - 1);
    }
    String name = Strings.read(graph(), in);
    if (name == null) {
      throw new CodecException("a class without a name");
    }
    Registration registration = kryo.getRegistration(shapes.resolve(name));
    read.add(registration);
    return registration;
  }

  @Override
  public @Nullable Registration readClass(Input in) {
    Registration registration = super.readClass(in);
    if (registration != null && registration.getId() >= JdkTypes.FIRST) {
      shapes.filter().check(registration.getType());
    }
    return registration;
  }

  @Override
  public void reset() {
    super.reset();
    written.clear();
    read.clear();
  }
}

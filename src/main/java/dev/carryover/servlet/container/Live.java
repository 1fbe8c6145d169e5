package dev.carryover.servlet.container;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EventListener;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An object of the container's, reached by reflection, because containers hide their classes from
 * web applications. Public methods are to be preferred to fields.
 */
final class Live {

  private final Object object;

  private Live(Object object) {
    this.object = object;
  }

  static Live of(Object object) {
    return new Live(object);
  }

  Object get() {
    return object;
  }

  /** Whether there is such a public method without parameters. */
  boolean has(String method) {
    return Arrays.stream(object.getClass().getMethods())
        .anyMatch(known -> known.getName().equals(method) && known.getParameterCount() == 0);
  }

  /** What a public method without parameters returns; it must not be null. */
  Live call(String method) throws ReflectiveOperationException {
    return new Live(present(callNullable(method), method));
  }

  /** What a public method without parameters returns. */
  @Nullable Object callNullable(String method) throws ReflectiveOperationException {
    return accessible(object.getClass().getMethod(method)).invoke(object);
  }

  /** Calls a public method with one parameter. */
  void call(String method, Class<?> parameter, @Nullable Object argument)
      throws ReflectiveOperationException {
    call(method, new Class<?>[] {parameter}, argument);
  }

  /** Calls a public method. */
  void call(String method, Class<?>[] parameters, @Nullable Object... arguments)
      throws ReflectiveOperationException {
    accessible(object.getClass().getMethod(method, parameters)).invoke(object, arguments);
  }

  /** What a public method with one parameter returns; it must not be null. */
  Live ask(String method, Class<?> parameter, Object argument) throws ReflectiveOperationException {
    Method known = accessible(object.getClass().getMethod(method, parameter));
    return new Live(present(known.invoke(object, argument), method));
  }

  /** The content of a field, of whatever visibility, of the class or of one above; not null. */
  Live field(String name) throws ReflectiveOperationException {
    return new Live(present(declared(name).get(object), name));
  }

  /** Replaces the content of a field, of whatever visibility, of the class or of one above. */
  void setField(String name, Object value) throws ReflectiveOperationException {
    declared(name).set(object, value);
  }

  /** An instance of another class of the same container, made by a public constructor. */
  Live make(String className, Class<?>[] parameters, Object... arguments)
      throws ReflectiveOperationException {
    Class<?> type = Class.forName(className, true, object.getClass().getClassLoader());
    Constructor<?> constructor = accessible(type.getConstructor(parameters));
    return new Live(constructor.newInstance(arguments));
  }

  /** Another class of the same container. */
  Class<?> type(String className) throws ClassNotFoundException {
    return Class.forName(className, true, object.getClass().getClassLoader());
  }

  /** The listeners that are in this list or array, in their order. */
  List<EventListener> listeners() throws ReflectiveOperationException {
    List<EventListener> listeners = new ArrayList<>();
    for (Object element : elements()) {
      if (element instanceof EventListener) {
        listeners.add((EventListener) element);
      }
    }
    return listeners;
  }

  /** This list itself, to have its elements replaced where they are. */
  @SuppressWarnings("unchecked")
  List<EventListener> listOfListeners() throws NoSuchFieldException {
    if (object instanceof List) {
      return (List<EventListener>) object;
    }
    throw new NoSuchFieldException("No list: " + object.getClass());
  }

  /** The elements of this list or array. */
  Iterable<?> elements() throws NoSuchFieldException {
    if (object instanceof Iterable) {
      return (Iterable<?>) object;
    }
    if (object instanceof Object[]) {
      return Arrays.asList((Object[]) object);
    }
    throw new NoSuchFieldException("Neither list nor array: " + object.getClass());
  }

  /** Replaces an element of this list or array, where it is. */
  void set(int index, Object element) {
    if (object instanceof List) {
      @SuppressWarnings("unchecked")
      List<Object> list = (List<Object>) object;
      list.set(index, element);
    } else {
      Array.set(object, index, element);
    }
  }

  private Field declared(String name) throws NoSuchFieldException {
    for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (field.getName().equals(name)) {
          return accessible(field);
        }
      }
    }
    throw new NoSuchFieldException(object.getClass() + " has no field " + name);
  }

  private static <T extends AccessibleObject> T accessible(T member) {
    // Public methods of classes that are not public are within reach only so.
    member.setAccessible(true);
    return member;
  }

  private static Object present(@Nullable Object value, String name) throws NoSuchFieldException {
    if (value == null) {
      throw new NoSuchFieldException(name + " is null");
    }
    return value;
  }
}

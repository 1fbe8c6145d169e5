package dev.carryover.codec;

import com.esotericsoftware.kryo.Serializer;
import java.lang.reflect.Array;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The table of classes that the bytes name by a number. It is part of format version 1 and
 * append-only: a line, once released, keeps its place, even where no such class is any more.
 */
final class NumberedTypes {

  private static final String[] NAMES = {
    // The first 31 take one byte.
    "java.lang.String",
    "java.lang.Integer",
    "java.lang.Long",
    "java.lang.Boolean",
    "java.lang.Double",
    "java.math.BigDecimal",
    "java.util.Date",
    "java.util.ArrayList",
    "java.util.HashMap",
    "java.util.LinkedHashMap",
    "java.util.HashSet",
    "java.util.LinkedHashSet",
    "java.util.LinkedList",
    "[Ljava.lang.Object;",
    "[Ljava.lang.String;",
    "[B",
    "[I",
    "java.util.TreeMap",
    "java.lang.Character",
    "java.lang.Short",
    "java.lang.Byte",
    "java.lang.Float",
    "java.util.UUID",
    "java.math.BigInteger",
    "java.time.LocalDate",
    "java.time.LocalDateTime",
    "java.time.Instant",
    "java.util.Locale",
    "java.sql.Timestamp",
    "java.util.CollSer",
    "java.util.Arrays$ArrayList",
    // and these two
    "java.lang.Object",
    "java.lang.Class",
    "java.lang.reflect.Proxy",
    "[J",
    "[C",
    "[S",
    "[D",
    "[F",
    "[Z",
    "java.time.Duration",
    "java.time.LocalTime",
    "java.time.Ser",
    "java.util.Optional",
    "java.util.OptionalInt",
    "java.util.OptionalLong",
    "java.util.OptionalDouble",
    "java.util.ArrayDeque",
    "java.util.Properties",
    "java.util.concurrent.ConcurrentHashMap",
    "java.util.EnumMap",
    "java.util.EnumSet$SerializationProxy",
    "java.util.TreeSet",
    "java.util.Collections$EmptyList",
    "java.util.Collections$EmptySet",
    "java.util.Collections$EmptyMap",
    "java.util.Collections$SingletonList",
    "java.util.Collections$SingletonSet",
    "java.util.Collections$SingletonMap",
    "java.util.Collections$UnmodifiableCollection",
    "java.util.Collections$UnmodifiableList",
    "java.util.Collections$UnmodifiableRandomAccessList",
    "java.util.Collections$UnmodifiableSet",
    "java.util.Collections$UnmodifiableMap",
    "java.util.Collections$SynchronizedCollection",
    "java.util.Collections$SynchronizedList",
    "java.util.Collections$SynchronizedRandomAccessList",
    "java.util.Collections$SynchronizedSet",
    "java.util.Collections$SynchronizedMap",
    "java.util.AbstractMap$SimpleEntry",
    "java.util.AbstractMap$SimpleImmutableEntry",
    "java.util.Vector",
    "java.util.Stack",
    "java.util.Hashtable",
    "java.util.IdentityHashMap",
    "java.util.PriorityQueue",
    "java.util.BitSet",
    "java.util.Currency",
    "java.util.Calendar",
    "java.util.GregorianCalendar",
    "java.util.TimeZone",
    "sun.util.calendar.ZoneInfo",
    "java.util.regex.Pattern",
    "java.net.URI",
    "java.net.URL",
    "java.io.File",
    "java.sql.Date",
    "java.sql.Time",
    "java.lang.Number",
    "java.lang.Throwable",
    "java.lang.Exception",
    "java.lang.RuntimeException",
    "java.lang.StackTraceElement",
    "java.lang.StringBuilder",
    "java.lang.StringBuffer",
    "java.lang.invoke.SerializedLambda",
    "java.util.concurrent.CopyOnWriteArrayList",
    "java.util.concurrent.CopyOnWriteArraySet",
    "java.util.concurrent.ConcurrentSkipListMap",
    "java.util.concurrent.ConcurrentLinkedQueue",
    "java.util.concurrent.ConcurrentHashMap$KeySetView",
    "java.util.concurrent.ConcurrentHashMap$CollectionView",
    "java.util.concurrent.atomic.AtomicInteger",
    "java.util.concurrent.atomic.AtomicLong",
    "java.util.concurrent.atomic.AtomicBoolean",
    "java.util.concurrent.atomic.AtomicReference",
    "java.util.concurrent.locks.ReentrantLock",
    "java.util.Collections$UnmodifiableSortedMap",
    "java.util.Collections$UnmodifiableSortedSet",
    "java.util.Collections$SetFromMap",
    "java.util.concurrent.ThreadLocalRandom",
    // of libraries that keep something in most sessions
    "org.springframework.security.core.context.SecurityContextImpl",
    "org.springframework.security.authentication.AbstractAuthenticationToken",
    "org.springframework.security.authentication.UsernamePasswordAuthenticationToken",
    "org.springframework.security.authentication.RememberMeAuthenticationToken",
    "org.springframework.security.authentication.AnonymousAuthenticationToken",
    "org.springframework.security.core.userdetails.User",
    "org.springframework.security.core.userdetails.User$AuthorityComparator",
    "org.springframework.security.core.authority.SimpleGrantedAuthority",
    "org.springframework.security.web.authentication.WebAuthenticationDetails",
    "org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken",
    "org.springframework.security.web.csrf.DefaultCsrfToken",
    "org.springframework.security.web.savedrequest.DefaultSavedRequest",
    "org.springframework.security.web.savedrequest.SavedCookie",
    "org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken",
    "org.springframework.security.oauth2.core.user.DefaultOAuth2User",
    "org.springframework.security.oauth2.core.user.OAuth2UserAuthority",
    "org.springframework.security.oauth2.core.oidc.OidcIdToken",
    "org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser",
    "org.springframework.security.oauth2.core.oidc.user.OidcUserAuthority",
    "org.springframework.web.servlet.FlashMap",
    // ours
    "dev.carryover.codec.Constant",
  };

  private static final Map<String, Integer> NUMBERS = new HashMap<>();

  static {
    for (int i = 0; i < NAMES.length; i++) {
      NUMBERS.put(NAMES[i], i);
    }
  }

  static final int STRING = 0;

  /** Values whose identity nobody asks for: they are written again rather than referred to. */
  private static final Set<Class<?>> UNSHARED =
      Set.of(
          String.class,
          Integer.class,
          Long.class,
          Boolean.class,
          Byte.class,
          Short.class,
          Character.class,
          Float.class,
          Double.class,
          BigInteger.class,
          BigDecimal.class,
          UUID.class,
          Instant.class,
          Duration.class,
          LocalDate.class,
          LocalTime.class,
          LocalDateTime.class,
          OptionalInt.class,
          OptionalLong.class,
          OptionalDouble.class);

  private NumberedTypes() {}

  static boolean isUnshared(Class<?> type) {
    return UNSHARED.contains(type);
  }

  static int count() {
    return NAMES.length;
  }

  /** The name at the number; null for a number of a table that is newer than this. */
  static @Nullable String name(int number) {
    return number < NAMES.length ? NAMES[number] : null;
  }

  /** The number of classes of that name; null if they have none. */
  static @Nullable Integer number(String name) {
    return NUMBERS.get(name);
  }

  /**
   * Serialisers for exactly these classes, never for subclasses. All others write themselves, and
   * have a number for its brevity.
   */
  static Map<Class<?>, Serializer<?>> natives(Shapes shapes) {
    Map<Class<?>, Serializer<?>> map = new HashMap<>();
    map.put(String.class, new Strings());
    map.put(Object.class, new ValueSerializers.OfObject());
    map.put(Class.class, new Serializers.OfClass());
    map.put(Proxy.class, new Serializers.OfProxy(shapes));
    map.put(Constant.class, new Constant.OfConstant());
    for (Class<?> primitive : Serializers.PRIMITIVES) {
      if (primitive != void.class) {
        map.put(
            Array.newInstance(primitive, 0).getClass(), new Serializers.OfPrimitives(primitive));
      }
    }
    ValueSerializers.addTo(map);
    CollectionSerializers.addTo(map, shapes);
    return map;
  }
}

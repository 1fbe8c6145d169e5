package dev.carryover.codec;

import java.io.Serializable;
import java.lang.annotation.Annotation;
import java.util.EventListener;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;

/**
 * Classes whose objects are not data but handles on something outside themselves, which another
 * node does not have: threads, streams, connections, parts of the container, the application's
 * services.
 */
final class Handles {

  private static final Set<String> TYPES =
      Set.of(
          "java.lang.AutoCloseable",
          "java.lang.ClassLoader",
          "java.lang.Process",
          "java.lang.Thread",
          "java.lang.ThreadGroup",
          "java.lang.ThreadLocal",
          "java.lang.invoke.MethodHandle",
          "java.lang.ref.Reference",
          "java.util.TimerTask",
          "java.util.concurrent.Executor",
          "java.util.concurrent.Future",
          "java.util.concurrent.ThreadFactory",
          "java.util.concurrent.locks.Condition",
          "java.util.concurrent.locks.Lock",
          "java.util.concurrent.locks.ReadWriteLock",
          "javax.faces.application.Application",
          "javax.faces.component.UIComponent",
          "javax.faces.context.FacesContext",
          "jakarta.faces.application.Application",
          "jakarta.faces.component.UIComponent",
          "jakarta.faces.context.FacesContext",
          "org.apache.log4j.Category",
          "org.hibernate.SessionFactory",
          "org.springframework.beans.factory.BeanFactory",
          "org.springframework.transaction.PlatformTransactionManager");

  /** All that belongs to these is a handle, but for the data among it, see {@link #isData}. */
  private static final String[] PACKAGES = {
    "java.sql.",
    "javax.sql.",
    "javax.naming.",
    "javax.management.",
    "javax.servlet.",
    "jakarta.servlet.",
    "javax.ejb.",
    "jakarta.ejb.",
    "javax.enterprise.",
    "jakarta.enterprise.",
    "javax.persistence.",
    "jakarta.persistence.",
    "javax.transaction.",
    "jakarta.transaction.",
    "javax.jms.",
    "jakarta.jms.",
    "javax.mail.",
    "jakarta.mail.",
    "javax.websocket.",
    "jakarta.websocket.",
  };

  /** What a class is annotated with of which there is one object for all sessions. */
  private static final Set<String> SERVICES =
      Set.of(
          "javax.ejb.MessageDriven",
          "javax.ejb.Singleton",
          "javax.ejb.Stateful",
          "javax.ejb.Stateless",
          "jakarta.ejb.MessageDriven",
          "jakarta.ejb.Singleton",
          "jakarta.ejb.Stateful",
          "jakarta.ejb.Stateless",
          "javax.enterprise.context.ApplicationScoped",
          "jakarta.enterprise.context.ApplicationScoped",
          "javax.faces.bean.ApplicationScoped",
          "javax.inject.Singleton",
          "jakarta.inject.Singleton",
          "com.google.inject.Singleton",
          "org.springframework.context.annotation.Configuration",
          "org.springframework.stereotype.Component",
          "org.springframework.stereotype.Controller",
          "org.springframework.stereotype.Repository",
          "org.springframework.stereotype.Service",
          "org.springframework.web.bind.annotation.RestController");

  private Handles() {}

  /** Of a class that is not Serializable. */
  static boolean isHandle(Class<?> type) {
    return isA(type, true) || isService(type);
  }

  /**
   * Of one that is: those that say so and yet are no data. A class that can be closed may well be.
   */
  static boolean isSerializableHandle(Class<?> type) {
    return !Platform.owns(type) && (isA(type, false) || isService(type));
  }

  private static boolean isA(Class<?> type, boolean closeable) {
    boolean here = TYPES.contains(type.getName()) && (closeable || type != AutoCloseable.class);
    if (here || isOfTheirs(type)) {
      return true;
    }
    Class<?> superclass = type.getSuperclass();
    if (superclass != null && isA(superclass, closeable)) {
      return true;
    }
    for (Class<?> implemented : type.getInterfaces()) {
      if (isA(implemented, closeable)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOfTheirs(Class<?> type) {
    for (String prefix : PACKAGES) {
      if (type.getName().startsWith(prefix)) {
        return !isData(type);
      }
    }
    return false;
  }

  /** Timestamps, cookies, names; and what the application's own beans implement. */
  private static boolean isData(Class<?> type) {
    return Serializable.class.isAssignableFrom(type)
        || EventListener.class.isAssignableFrom(type)
        || type.getName().equals("java.sql.SQLData");
  }

  /** A Spring component may be one of many, if it has a scope of its own. */
  private static boolean isService(Class<?> type) {
    boolean service = false;
    for (Annotation annotation : type.getAnnotations()) {
      String name = annotation.annotationType().getName();
      service |= SERVICES.contains(name);
      if (name.endsWith("Scope")) {
        return false;
      }
    }
    return service;
  }

  /** Whether the object is a lock that somebody holds, or may hold: not each kind tells. */
  static boolean isLockInUse(Object object) {
    if (object instanceof ReentrantLock) {
      return ((ReentrantLock) object).isLocked();
    }
    if (object instanceof ReentrantReadWriteLock) {
      ReentrantReadWriteLock lock = (ReentrantReadWriteLock) object;
      return lock.isWriteLocked() || lock.getReadLockCount() > 0;
    }
    if (object instanceof Semaphore) {
      return ((Semaphore) object).availablePermits() <= 0;
    }
    if (object instanceof StampedLock) {
      return ((StampedLock) object).isWriteLocked() || ((StampedLock) object).isReadLocked();
    }
    return isOwnSynchronizer(object.getClass());
  }

  /** Whether objects of the class may be locks in use. */
  static boolean isLock(Class<?> type) {
    return ReentrantLock.class.isAssignableFrom(type)
        || ReentrantReadWriteLock.class.isAssignableFrom(type)
        || StampedLock.class.isAssignableFrom(type)
        || Semaphore.class.isAssignableFrom(type)
        || isOwnSynchronizer(type);
  }

  private static boolean isOwnSynchronizer(Class<?> type) {
    return AbstractQueuedSynchronizer.class.isAssignableFrom(type) && !Platform.owns(type);
  }
}

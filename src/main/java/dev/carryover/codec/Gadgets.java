package dev.carryover.codec;

import java.util.Set;

/**
 * Classes that do harm by being read, known from public work on Java deserialisation. Facts taken
 * from:
 *
 * <ul>
 *   <li>ysoserial's payloads (Frohoff): AspectJWeaver, BeanShell1, C3P0, Click1, Clojure,
 *       CommonsBeanutils1, CommonsCollections1 to 7, FileUpload1, Groovy1, Hibernate1 and 2,
 *       JBossInterceptors1, JRMP, JSON1, JavassistWeld1, Jdk7u21, Jython1, MozillaRhino1 and 2,
 *       Myfaces1 and 2, ROME, Spring1 and 2, URLDNS, Vaadin1, Wicket1
 *   <li>marshalsec (Bechler), "Java Unmarshaller Security", 2017
 *   <li>the deny lists that Jackson (SubTypeValidator) and XStream (its security framework) publish
 * </ul>
 *
 * <p>A class that only carries another one of these, as Groovy's GStringImpl a MethodClosure, is
 * not among them. The list is a second line. The first is a filter that names the application's own
 * packages.
 */
final class Gadgets {

  private static final Set<String> CLASSES =
      Set.of(
          // the JDK's own
          "com.sun.org.apache.xalan.internal.xsltc.trax.TemplatesImpl",
          "com.sun.org.apache.bcel.internal.util.ClassLoader",
          "com.sun.corba.se.impl.activation.ServerTableEntry",
          "com.sun.jndi.rmi.registry.BindingEnumeration",
          "com.sun.jndi.toolkit.dir.LazySearchEnumerationImpl",
          "java.beans.EventHandler",
          "java.beans.Expression",
          "java.beans.Statement",
          "java.lang.ProcessBuilder",
          "java.lang.Runtime",
          "java.security.SignedObject",
          "java.util.ServiceLoader$LazyIterator",
          "java.util.logging.FileHandler",
          "javax.activation.DataSource",
          "javax.imageio.ImageIO$ContainsFilter",
          "javax.management.BadAttributeValueExpException",
          "javax.management.remote.rmi.RMIConnector",
          "javax.script.ScriptEngineManager",
          "javax.swing.UIDefaults$ProxyLazyValue",
          "javax.swing.event.EventListenerList",
          "javax.swing.undo.UndoManager",
          "jdk.nashorn.internal.objects.NativeString",
          "org.apache.xalan.xsltc.trax.TemplatesImpl",
          "sun.rmi.server.ActivationGroupImpl",
          "sun.rmi.server.UnicastRef",
          "sun.swing.SwingLazyValue",
          // libraries
          "bsh.Interpreter",
          "bsh.XThis",
          "br.com.anteros.dbcp.AnterosDBCPConfig",
          "clojure.inspector.proxy$javax.swing.table.AbstractTableModel$ff19274a",
          "clojure.lang.PersistentArrayMap$TransientArrayMap",
          "com.alibaba.fastjson.JSONArray",
          "com.alibaba.fastjson.JSONObject",
          "com.alibaba.fastjson2.JSONArray",
          "com.alibaba.fastjson2.JSONObject",
          "com.rometools.rome.feed.impl.EqualsBean",
          "com.rometools.rome.feed.impl.ObjectBean",
          "com.rometools.rome.feed.impl.ToStringBean",
          "com.sun.syndication.feed.impl.EqualsBean",
          "com.sun.syndication.feed.impl.ObjectBean",
          "com.sun.syndication.feed.impl.ToStringBean",
          "com.vaadin.data.util.MethodProperty",
          "com.vaadin.data.util.NestedMethodProperty",
          "com.vaadin.data.util.PropertysetItem",
          "com.zaxxer.hikari.HikariConfig",
          "com.zaxxer.hikari.HikariDataSource",
          "net.sf.json.JSONObject",
          "oracle.jdbc.rowset.OracleJDBCRowSet",
          "org.apache.click.control.Column$ColumnComparator",
          "org.apache.commons.beanutils.BeanComparator",
          "org.apache.commons.beanutils2.BeanComparator",
          "org.apache.commons.fileupload.disk.DiskFileItem",
          "org.apache.wicket.util.upload.DiskFileItem",
          "org.apache.el.ValueExpressionImpl",
          "org.apache.el.MethodExpressionImpl",
          "org.apache.myfaces.context.servlet.FacesContextImpl",
          "org.apache.myfaces.el.CompositeELResolver",
          "org.apache.myfaces.view.facelets.el.ValueExpressionMethodExpression",
          "org.apache.xbean.naming.context.ContextUtil$ReadOnlyBinding",
          "org.codehaus.groovy.runtime.ConvertedClosure",
          "org.codehaus.groovy.runtime.MethodClosure",
          "org.hibernate.engine.spi.TypedValue",
          "org.hibernate.jmx.StatisticsService",
          "org.hibernate.property.BasicPropertyAccessor$BasicGetter",
          "org.jboss.interceptor.proxy.DefaultInvocationContextFactory",
          "org.jboss.interceptor.proxy.InterceptorMethodHandler",
          "org.jboss.weld.interceptor.proxy.InterceptorMethodHandler",
          "org.python.core.PyBytecode",
          "org.python.core.PyFunction",
          "org.python.core.PyObject",
          "org.springframework.aop.aspectj.AspectInstanceFactory",
          "org.springframework.aop.aspectj.autoproxy.AspectJAwareAdvisorAutoProxyCreator$PartiallyComparableAdvisorHolder",
          "org.springframework.aop.support.DefaultBeanFactoryPointcutAdvisor",
          "org.springframework.beans.factory.ObjectFactory",
          "org.springframework.beans.factory.config.MethodInvokingFactoryBean",
          "org.springframework.beans.factory.config.PropertyPathFactoryBean",
          "org.springframework.beans.factory.support.AutowireUtils$ObjectFactoryDelegatingInvocationHandler",
          "org.springframework.core.SerializableTypeWrapper$MethodInvokeTypeProvider",
          "org.springframework.transaction.jta.JtaTransactionManager",
          "sun.reflect.annotation.AnnotationInvocationHandler");

  private static final String[] PREFIXES = {
    "com.mchange.v2.c3p0.",
    "com.mchange.v2.naming.",
    "com.sun.jndi.",
    "com.sun.rowset.",
    "com.sun.org.apache.xalan.",
    "com.sun.org.apache.xpath.",
    "com.sun.org.apache.bcel.",
    "groovy.lang.Closure",
    "groovy.util.Expando",
    "java.rmi.MarshalledObject",
    "java.rmi.activation.",
    "java.rmi.registry.",
    "java.rmi.server.Remote",
    "java.rmi.server.UnicastRemoteObject",
    "javassist.",
    "javax.naming.ldap.",
    "javax.naming.spi.",
    "jdk.nashorn.",
    "org.apache.commons.collections.functors.",
    "org.apache.commons.collections.keyvalue.TiedMapEntry",
    "org.apache.commons.collections.map.LazyMap",
    "org.apache.commons.collections.map.TransformedMap",
    "org.apache.commons.collections4.comparators.TransformingComparator",
    "org.apache.commons.collections4.functors.",
    "org.apache.commons.collections4.keyvalue.TiedMapEntry",
    "org.apache.commons.collections4.map.LazyMap",
    "org.apache.commons.collections4.map.TransformedMap",
    "org.apache.commons.collections.comparators.TransformingComparator",
    "org.apache.commons.dbcp",
    "org.apache.tomcat.dbcp.",
    "org.aspectj.weaver.tools.cache.",
    "org.hibernate.property.access.spi.Getter",
    "org.hibernate.tuple.component.",
    "org.mozilla.javascript.",
    "org.springframework.jndi.",
    "sun.rmi.",
  };

  private Gadgets() {}

  static boolean contains(String className) {
    if (CLASSES.contains(className)) {
      return true;
    }
    for (String prefix : PREFIXES) {
      if (className.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }
}

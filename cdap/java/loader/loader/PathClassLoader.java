package loader;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;

/**
 * The system class loader as it was up to Java 8: a URLClassLoader over the class path, with the platform loader as its
 * parent. CDAP up to 6.11.1 casts the system class loader to URLClassLoader when it starts.
 * Used with -Djava.system.class.loader=loader.PathClassLoader.
 */
public final class PathClassLoader extends URLClassLoader {
  static {
    registerAsParallelCapable();
  }

  public PathClassLoader(ClassLoader builtin) {
    super(classPath(), builtin.getParent());
  }

  private static URL[] classPath() {
    List<URL> urls = new ArrayList<>();
    try {
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
        if (!entry.isEmpty()) {
          urls.add(new File(entry).getAbsoluteFile().toURI().toURL());
        }
      }
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
    return urls.toArray(new URL[0]);
  }
}

package vesper.testing;

import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/// Things that live as long as an outermost test class; nested classes share them.
final class ClassScope {
  private static final Namespace NAMESPACE = Namespace.create(ClassScope.class);

  private ClassScope() {}

  /// The thing of the class; made at the first use and closed after the class's last test.
  static <T extends AutoCloseable> T get(
      ExtensionContext context, Class<T> type, Supplier<T> maker) {
    return outermostClass(context)
        .getStore(NAMESPACE)
        .computeIfAbsent(type, _ -> maker.get(), type);
  }

  private static ExtensionContext outermostClass(ExtensionContext context) {
    ExtensionContext found = context;
    while (found.getParent().flatMap(ExtensionContext::getTestClass).isPresent()) {
      found = found.getParent().get();
    }
    return found;
  }
}

package vesper.testing;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Resolves parameters of type [TestDatabase]: a fresh database per test class.
public final class PostgresExtension implements ParameterResolver {
  /// Called by JUnit.
  public PostgresExtension() {}

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestDatabase.class;
  }

  @Override
  public TestDatabase resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return ClassScope.get(context, TestDatabase.class, TestDatabase::create);
  }
}

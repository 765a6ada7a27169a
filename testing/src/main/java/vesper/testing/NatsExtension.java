package vesper.testing;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Resolves parameters of type [TestNats]: the shared server, in an account of the module.
public final class NatsExtension implements ParameterResolver {
  /// Called by JUnit.
  public NatsExtension() {}

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestNats.class;
  }

  @Override
  public TestNats resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return TestNats.shared();
  }
}

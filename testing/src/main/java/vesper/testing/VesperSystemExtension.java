package vesper.testing;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Resolves parameters of type [VesperSystem]: one running system per test class, started at the
/// first use and stopped after the class's last test.
public final class VesperSystemExtension implements ParameterResolver {
  /// Called by JUnit.
  public VesperSystemExtension() {}

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == VesperSystem.class;
  }

  @Override
  public VesperSystem resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return ClassScope.get(context, VesperSystem.class, VesperSystem::start);
  }
}

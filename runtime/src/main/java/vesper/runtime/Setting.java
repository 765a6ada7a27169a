package vesper.runtime;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The default of a component of a settings record, in the notation of a settings file: `15m`,
/// `64KiB`, `true`, `a, b`. A component without it must be given a value. Components that are
/// records hold nested keys and take no default.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
  /// The default.
  String value();
}

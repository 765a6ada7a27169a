package vesper.runtime;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A record whose components are settings.
///
/// @param prefix of the keys, without the last dot
/// @param type the record
record SettingsRecord<C extends Record>(String prefix, Class<C> type) {
  /// A key that somebody may give.
  ///
  /// @param name the full key
  /// @param secret whether its value must not be shown
  record Key(String name, boolean secret) {}

  static <C extends Record> SettingsRecord<C> of(String domain, Class<C> type) {
    return new SettingsRecord<>("vesper." + domain, type);
  }

  /// Returns all keys, of nested records too.
  List<Key> keys() {
    List<Key> keys = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      SettingsRecord<?> nested = nested(component);
      if (nested == null) {
        keys.add(new Key(key(component), isSecret(component.getGenericType())));
      } else {
        keys.addAll(nested.keys());
      }
    }
    return keys;
  }

  /// Returns the record, or null after adding to the problems.
  @Nullable C read(Config config, List<String> problems) {
    RecordComponent[] components = type.getRecordComponents();
    List<@Nullable Object> values = new ArrayList<>();
    for (RecordComponent component : components) {
      SettingsRecord<?> nested = nested(component);
      values.add(
          nested == null ? value(config, component, problems) : nested.read(config, problems));
    }
    return values.contains(null) ? null : create(components, values, problems);
  }

  private @Nullable Object value(Config config, RecordComponent component, List<String> problems) {
    String key = key(component);
    GivenSetting given = config.find(key);
    Setting standard = component.getAnnotation(Setting.class);
    SettingValue value = SettingValue.of(component.getGenericType());
    if (given == null && standard == null) {
      if (component.getType() == Optional.class) {
        return Optional.empty();
      }
      problems.add(key + ": must be given: " + value.expected());
      return null;
    }
    String text = given != null ? given.text() : standard.value();
    try {
      return value.parse().apply(text);
    } catch (IllegalArgumentException | ArithmeticException e) {
      String origin = given != null ? given.origin() : "default";
      problems.add("%s = '%s' (%s): expected %s".formatted(key, text, origin, value.expected()));
      return null;
    }
  }

  private @Nullable C create(
      RecordComponent[] components, List<@Nullable Object> values, List<String> problems) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      Constructor<C> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException wrong) {
        problems.add(prefix + ": " + wrong.getMessage());
        return null;
      }
      throw new IllegalStateException("cannot create " + type.getName(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot create " + type.getName(), e);
    }
  }

  private @Nullable SettingsRecord<?> nested(RecordComponent component) {
    Class<?> inner = component.getType();
    boolean isValue = inner == Secret.class || inner == Bytes.class;
    return inner.isRecord() && !isValue
        ? new SettingsRecord<>(key(component), inner.asSubclass(Record.class))
        : null;
  }

  private String key(RecordComponent component) {
    return prefix + "." + kebab(component.getName());
  }

  private static boolean isSecret(Type type) {
    return type == Secret.class
        || (type instanceof ParameterizedType generic
            && isSecret(generic.getActualTypeArguments()[0]));
  }

  private static String kebab(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }
}

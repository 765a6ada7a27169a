package vesper.gateway;

import java.util.List;
import vesper.runtime.Setting;

/// Which pages of other origins may call from a browser, keys `vesper.gateway.cors.*`.
///
/// @param origins as in `https://play.example`; `*` alone for all. Cookies and other credentials of
///   the browser are never asked for
public record CorsConfig(@Setting("") List<String> origins) {
  /// Copies the list.
  public CorsConfig {
    origins = List.copyOf(origins);
    if (origins.contains("*") && origins.size() > 1) {
      throw new IllegalArgumentException("origins must be * alone or a list without it");
    }
  }
}

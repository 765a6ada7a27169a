package vesper.airouter;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;

/// How far away a host is.
enum Reach {
  /// This machine or its private network: all its addresses are loopback, private (RFC 1918, RFC
  /// 4193) or link-local.
  PRIVATE,
  /// Anywhere else.
  PUBLIC,
  /// Its name has no address now.
  UNKNOWN;

  private static final int UNIQUE_LOCAL_MASK = 0xFE;
  private static final int UNIQUE_LOCAL = 0xFC;

  /// Looks the host up, which may take seconds.
  static Reach of(URI address) {
    String host = address.getHost();
    try {
      for (InetAddress found : InetAddress.getAllByName(host)) {
        if (!isPrivate(found)) {
          return PUBLIC;
        }
      }
      return PRIVATE;
    } catch (UnknownHostException unknown) {
      return UNKNOWN;
    }
  }

  private static boolean isPrivate(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean isUniqueLocal =
        bytes.length > Integer.BYTES && (bytes[0] & UNIQUE_LOCAL_MASK) == UNIQUE_LOCAL;
    return address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isSiteLocalAddress()
        || address.isLinkLocalAddress()
        || isUniqueLocal;
  }
}

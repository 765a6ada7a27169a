package vesper.gateway;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.util.InetAddressPredicates;
import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/// Tells where requests come from. What `X-Forwarded-For` says is believed only as far as proxies
/// of ours wrote it: from the last entry back, while the one before is trusted.
final class Addresses {
  private static final int NETWORK_BYTES = 8;

  private final Predicate<InetAddress> trusted;
  private final boolean direct;

  /// @param proxies addresses and networks whose word is believed, as in `10.0.0.0/8`
  Addresses(List<String> proxies) {
    direct = proxies.isEmpty();
    trusted = proxies.stream().map(Addresses::range).reduce(Predicate::or).orElse(address -> false);
  }

  /// Reads an address or a network.
  ///
  /// @throws IllegalArgumentException when it is neither
  static Predicate<InetAddress> range(String text) {
    return text.contains("/")
        ? InetAddressPredicates.ofCidr(text)
        : InetAddressPredicates.ofExact(text);
  }

  /// The client's address as limits know it; of IPv6 the network, of which one client has many
  /// addresses.
  String client(InetSocketAddress peer, RequestHeaders headers) {
    InetAddress client = direct ? peer.getAddress() : forwarded(peer.getAddress(), headers);
    return client instanceof Inet6Address
        ? address(Arrays.copyOf(Arrays.copyOf(client.getAddress(), NETWORK_BYTES), 16))
                .getHostAddress()
            + "/64"
        : client.getHostAddress();
  }

  private InetAddress forwarded(InetAddress peer, RequestHeaders headers) {
    InetAddress client = peer;
    List<String> entries =
        headers.getAll(HttpHeaderNames.X_FORWARDED_FOR).stream()
            .flatMap(line -> Arrays.stream(line.split(",", -1)))
            .map(String::strip)
            .toList();
    for (String entry : entries.reversed()) {
      if (!trusted.test(client)) {
        break;
      }
      // Never looks up a name.
      byte[] bytes = NetUtil.createByteArrayFromIpAddressString(entry);
      if (bytes == null) {
        break;
      }
      client = address(bytes);
    }
    return client;
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("no address of 4 or 16 bytes", e);
    }
  }
}

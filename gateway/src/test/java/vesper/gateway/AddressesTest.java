package vesper.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("GW-T8")
class AddressesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        // trusted           | peer        | X-Forwarded-For                | client
        "                    | 203.0.113.9 | 198.51.100.1                   | 203.0.113.9",
        "10.0.0.0/8          | 203.0.113.9 | 198.51.100.1                   | 203.0.113.9",
        "10.0.0.0/8          | 10.0.0.7    | 198.51.100.1                   | 198.51.100.1",
        "10.0.0.0/8          | 10.0.0.7    | 1.2.3.4, 198.51.100.1          | 198.51.100.1",
        "10.0.0.0/8          | 10.0.0.7    | 1.2.3.4, 198.51.100.1, 10.9.9.9 | 198.51.100.1",
        "10.0.0.0/8          | 10.0.0.7    | -                              | 10.0.0.7",
        "10.0.0.0/8          | 10.0.0.7    | localhost                      | 10.0.0.7",
        "10.0.0.0/8          | 10.0.0.7    | 1.2.3.4, nonsense              | 10.0.0.7",
        "10.0.0.0/8          | 10.0.0.7    | 1.2.3.4, unknown, 10.1.1.1     | 10.1.1.1",
        "127.0.0.1           | 127.0.0.1   | 2001:db8:1:2:3:4:5:6           | 2001:db8:1:2:0:0:0:0/64",
        "127.0.0.1           | 127.0.0.2   | 2001:db8:1:2:3:4:5:6           | 127.0.0.2",
        "::1/128             | ::1         | 198.51.100.1                   | 198.51.100.1",
      })
  void client_isTheLastAddressThatNobodyTrustedForwarded(
      String trusted, String peer, String forwarded, String client) {
    Addresses addresses = new Addresses(trusted == null ? List.of() : List.of(trusted));
    RequestHeadersBuilder headers = RequestHeaders.builder(HttpMethod.GET, "/");
    if (forwarded != null) {
      headers.set("x-forwarded-for", forwarded);
    }

    assertThat(addresses.client(new InetSocketAddress(peer, 1), headers.build())).isEqualTo(client);
  }

  @Test
  void severalLines_areOneList() {
    RequestHeaders headers =
        RequestHeaders.builder(HttpMethod.GET, "/")
            .add("x-forwarded-for", "1.2.3.4")
            .add("x-forwarded-for", "198.51.100.1")
            .build();

    assertThat(
            new Addresses(List.of("10.0.0.0/8"))
                .client(new InetSocketAddress("10.0.0.7", 1), headers))
        .isEqualTo("198.51.100.1");
  }

  @Test
  void range_isAnAddressOrANetwork() {
    assertThatThrownBy(() -> Addresses.range("proxy.example"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Addresses.range("10.0.0.0/99"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
